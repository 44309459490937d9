#pragma once
// For the .cpp files of this folder alone: which rows of `mask` a person stands for, as an SQL
// condition on a query of that table (view withdrawn_mask: migration 2).

#define GADOLIN_MASK_STANDS                     \
  "mask.source IN ('reference', 'reader') AND " \
  "NOT EXISTS (SELECT 1 FROM withdrawn_mask w WHERE w.id = mask.id)"
