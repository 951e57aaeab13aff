using Lekhika.Exporter;

await using var app = ExporterApplication.Build(args);
await app.RunAsync();
