-- The number of the worker's last commit to the run: attempt * 2^40 + a count, so it only grows. A commit whose answer was lost
-- is sent again under its number; whichever arrives second, even after the first was merely late, finds it taken.
ALTER TABLE engine_executions ADD COLUMN last_commit bigint NOT NULL DEFAULT 0;
GRANT UPDATE (last_commit) ON engine_executions TO lekhika_worker;
