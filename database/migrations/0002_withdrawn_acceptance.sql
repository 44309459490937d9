-- An accepted prediction becomes a mask of its reader. When the verdict is taken back, or becomes
-- "rejected", that mask stays in the history but nobody stands for it any more.
CREATE VIEW withdrawn_mask AS
SELECT m.id AS id
FROM mask m
JOIN mask origin ON origin.id = m.parent
                AND origin.source = 'prediction'
                AND origin.sha256 = m.sha256
WHERE m.source = 'reader'
  AND EXISTS (SELECT 1 FROM prediction p
              WHERE p.mask = origin.id
                AND (SELECT r.verdict FROM review r WHERE r.prediction = p.id
                     ORDER BY r.id DESC LIMIT 1) <> 'accepted');

UPDATE stack_summary SET has_reference = EXISTS (
  SELECT 1 FROM mask m
  WHERE m.stack = stack_summary.stack AND m.source IN ('reference', 'reader')
    AND NOT EXISTS (SELECT 1 FROM withdrawn_mask w WHERE w.id = m.id));
