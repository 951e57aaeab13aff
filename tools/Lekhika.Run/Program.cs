using Lekhika.Run;

// The session handles Ctrl+C by itself: a clean stop takes longer than the library would wait.
return await CommandLine.Build(RunSession.RunAsync).Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
