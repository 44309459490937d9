// Carries the precompiled header of LibTorch that the rooms of ml and their tests share.
