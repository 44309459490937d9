#pragma once
// The child's side of core/imaging/decode_protocol.h.

#include "core/imaging/decode_protocol.h"

namespace gadolin::io {

/// Does what is asked; every fault is an Error in the answer.
DecodeAnswer answer(const DecodeRequest& request);

}  // namespace gadolin::io
