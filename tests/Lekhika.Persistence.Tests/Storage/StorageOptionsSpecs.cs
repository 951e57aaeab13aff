using Lekhika.Persistence.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lekhika.Persistence.Tests.Storage;

public sealed class StorageOptionsSpecs
{
    private const string Secret = "the-secret-of-the-store";

    [Theory]
    [InlineData("")]
    [InlineData("Kind=postgres")]
    [InlineData("Kind=s3;Bucket=my.books-1")]
    [InlineData("Kind=s3;Bucket=books;Endpoint=http://127.0.0.1:9000;AccessKey=a;SecretKey=b;PathStyle=false;Region=eu-central-1")]
    [InlineData("Kind=postgres;Bucket=books;AccessKey=a;SecretKey=b")]
    public void Settings_that_fit_together_are_taken(string settings) => Read(settings).Kind.ShouldBe(settings.Contains("s3", StringComparison.Ordinal) ? "s3" : "postgres");

    [Theory]
    [InlineData("Kind=disk", "Storage:Kind")]
    [InlineData("Kind=S3;Bucket=books", "Storage:Kind")]
    [InlineData("Kind=s3", "Storage:Bucket")]
    [InlineData("Kind=s3;Bucket=My_Books", "Storage:Bucket")]
    [InlineData("Kind=s3;Bucket=ab", "Storage:Bucket")]
    [InlineData("Kind=s3;Bucket=books;Endpoint=127.0.0.1:9000", "Storage:Endpoint")]
    [InlineData("Kind=s3;Bucket=books;Endpoint=ftp://x", "Storage:Endpoint")]
    [InlineData("Kind=s3;Bucket=books;Endpoint=https://x/path", "Storage:Endpoint")]
    [InlineData("Kind=s3;Bucket=books;Endpoint=https://someone:the-secret-of-the-store@x", "Storage:Endpoint")]
    [InlineData("Kind=s3;Bucket=books;SecretKey=the-secret-of-the-store", "Storage:AccessKey")]
    [InlineData("Kind=s3;Bucket=books;AccessKey=a", "Storage:SecretKey")]
    [InlineData("Region= ", "Storage:Region")]
    [InlineData("TimeoutSeconds=0", "Storage:TimeoutSeconds")]
    [InlineData("PatienceSeconds=1801", "Storage:PatienceSeconds")]
    public void Others_are_refused_by_their_name_and_without_a_secret(string settings, string name)
    {
        var error = Should.Throw<OptionsValidationException>(() => Read(settings));

        error.Message.ShouldContain(name);
        error.ToString().ShouldNotContain(Secret);
    }

    private static StorageOptions Read(string settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(setting => setting.Split('=', 2)).Select(parts => KeyValuePair.Create("Storage:" + parts[0], (string?)parts[1]))).Build();
        using var provider = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddFileStorage().BuildServiceProvider();
        return provider.GetRequiredService<IOptions<StorageOptions>>().Value;
    }
}
