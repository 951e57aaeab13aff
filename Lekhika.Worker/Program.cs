using Lekhika.Worker;

await using var app = WorkerApplication.Build(args);
await app.RunAsync();
