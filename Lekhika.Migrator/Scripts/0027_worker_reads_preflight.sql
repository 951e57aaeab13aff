-- The worker's /status tells of a run's files what the Api tells: how their checks went is among it.
GRANT SELECT ON preflight_reports TO lekhika_worker;
