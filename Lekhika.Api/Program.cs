using Lekhika.Api;

await ApiApplication.Build(args).RunAsync();
