-- From version 2 to 3: amounts below 0.001 are numbers too, where they were texts of their digits, which stood behind all numbers.
-- The digits of the smallest ones are kept beside them, since SQLite would print an exponent.
UPDATE cell_values SET
  raw = CASE WHEN abs(CAST(value AS REAL)) < 0.0001 AND start_offset IS NOT NULL THEN coalesce(raw, value) ELSE raw END,
  value = CAST(value AS REAL)
WHERE typeof(value) = 'text' AND instr(value, '.') > 0 AND length(ltrim(replace(replace(value, '-', ''), '.', ''), '0')) <= 15;
UPDATE statements SET figure = CAST(figure AS REAL)
WHERE typeof(figure) = 'text' AND instr(figure, '.') > 0 AND length(ltrim(replace(replace(figure, '-', ''), '.', ''), '0')) <= 15;
