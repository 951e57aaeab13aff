using Lekhika.Exporter;
using Lekhika.Exporter.Jobs;

await using var app = ExporterApplication.Build(args);
var guard = app.Services.GetRequiredService<RenderingGuard>();
await app.RunAsync();
return guard.IsStuck ? 1 : 0;
