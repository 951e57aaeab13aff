using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Lekhika.Api.Tests.Models;

public sealed class ModelTests(ModelsApi models) : IClassFixture<ModelsApi>
{
    private const string Offline = "/v1/providers/01900000-0000-7000-8000-000000000101/models";

    private readonly RunningApi _api = models.Api;

    [Fact]
    public async Task A_model_is_made_read_changed_and_removed()
    {
        using var client = await models.UserAsync();
        var provider = await ModelsApi.ProviderAsync(client);
        using var answer = await client.PostTextAsync(Path(provider), """
            {"modelId": "vendor/model:free", "displayName": "A model 📖", "category": "embedding", "tier": "premium", "contextWindowTokens": 128000, "maxOutputTokens": 4096,
             "capabilities": ["structured", "seed", "seed"], "price": {"inputPerMillion": 0.15, "outputPerMillion": 2.5, "cachedInputPerMillion": 0.000001, "batchFactor": 0.5, "perImage": 999999}}
            """);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var made = await answer.JsonAsync();

        ((string)made["owner"]!).ShouldBe("you");
        ((string)made["displayName"]!).ShouldBe("A model 📖");
        made["capabilities"]!.ToJsonString().ShouldBe("""["structured","seed"]""");
        var price = made["price"]!.AsObject();
        price.Remove("createdAt").ShouldBeTrue();
        price.ToJsonString().ShouldBe("""{"version":1,"inputPerMillion":0.15,"outputPerMillion":2.5,"cachedInputPerMillion":0.000001,"cacheWritePerMillion":null,"batchFactor":0.5,"perImage":999999}""");
        ((string)(await client.GetAsync(Path(provider)).OkAsync())["models"]![0]!["id"]!).ShouldBe((string)made["id"]!);

        var changed = await client.PutTextAsync(One(made), """{"modelId": "vendor/model:free", "isActive": false}""").OkAsync();

        ((string)changed["displayName"]!).ShouldBe("vendor/model:free");
        ((string)changed["category"]!).ShouldBe("text");
        ((string)changed["tier"]!).ShouldBe("standard");
        changed["contextWindowTokens"].ShouldBeNull();
        changed["capabilities"]!.AsArray().ShouldBeEmpty();
        ((bool)changed["isActive"]!).ShouldBeFalse();
        ((int)changed["price"]!["version"]!).ShouldBe(1, "what is not said of the price leaves it");
        (await client.GetAsync(One(made)).OkAsync()).ToJsonString().ShouldBe(changed.ToJsonString());
        await client.DeleteAsync(One(made)).NoContentAsync();
        await client.GetAsync(One(made)).ProblemAsync(404, "model_not_found");
        await client.DeleteAsync(One(made)).ProblemAsync(404, "model_not_found");
        (await _api.Database.AskAsync<long>("SELECT count(*) FROM ai_model_prices WHERE model_id = $1", Id(made))).ShouldBe(0);
    }

    [Fact]
    public async Task A_changed_price_is_a_new_version_and_the_old_one_stays_as_it_was()
    {
        using var client = await models.UserAsync();
        var made = await ModelsApi.ModelAsync(client, await ModelsApi.ProviderAsync(client));
        made["price"].ShouldBeNull();

        (await PriceAsync(client, made, """{"inputPerMillion": 1, "outputPerMillion": 2}""")).ShouldBe(1);
        (await PriceAsync(client, made, """{"inputPerMillion": 1.000000, "outputPerMillion": 2, "batchFactor": 0.5}""")).ShouldBe(1, "the same price");
        (await PriceAsync(client, made, """{"inputPerMillion": 1, "outputPerMillion": 3}""")).ShouldBe(2);
        (await PriceAsync(client, made, """{"inputPerMillion": 1, "outputPerMillion": 3, "cachedInputPerMillion": 0}""")).ShouldBe(3, "none is not 0");
        (await PriceAsync(client, made, """{"inputPerMillion": 1, "outputPerMillion": 2}""")).ShouldBe(4, "back to an earlier one");

        (await _api.Database.AskAsync<string[]>("SELECT array_agg(version || ': ' || trim_scale(input_per_million) || ' ' || trim_scale(output_per_million) ORDER BY version) FROM ai_model_prices WHERE model_id = $1", Id(made)))
            .ShouldBe(["1: 1 2", "2: 1 3", "3: 1 3", "4: 1 2"]);
    }

    [Fact]
    public async Task Prices_that_are_set_at_once_have_versions_without_a_gap()
    {
        using var client = await models.UserAsync();
        var made = await ModelsApi.ModelAsync(client, await ModelsApi.ProviderAsync(client));

        await Task.WhenAll(Enumerable.Range(1, 8).Select(n => PriceAsync(client, made, $$"""{"inputPerMillion": {{n}}, "outputPerMillion": 1}""")));

        (await _api.Database.AskAsync<int[]>("SELECT array_agg(version ORDER BY version) FROM ai_model_prices WHERE model_id = $1", Id(made))).ShouldBe(Enumerable.Range(1, 8));
    }

    [Theory]
    [InlineData("""{}""", "modelId")]
    [InlineData("""{"modelId": "two words"}""", "modelId")]
    [InlineData("""{"modelId": "m", "displayName": " "}""", "displayName")]
    [InlineData("""{"modelId": "m", "displayName": "a\u0000b"}""", "displayName")]
    [InlineData("""{"modelId": "m", "displayName": "a\nb"}""", "displayName")]
    [InlineData("""{"modelId": "m", "category": "smell"}""", "category")]
    [InlineData("""{"modelId": "m", "tier": "starter"}""", "tier")]
    [InlineData("""{"modelId": "m", "contextWindowTokens": 0}""", "contextWindowTokens")]
    [InlineData("""{"modelId": "m", "maxOutputTokens": -1}""", "maxOutputTokens")]
    [InlineData("""{"modelId": "m", "capabilities": ["telepathy"]}""", "capabilities")]
    [InlineData("""{"modelId": "m", "capabilities": [null]}""", "capabilities")]
    [InlineData("""{"modelId": "m", "price": {"inputPerMillion": 1}}""", "price.outputPerMillion")]
    [InlineData("""{"modelId": "m", "price": {"inputPerMillion": -1, "outputPerMillion": 1}}""", "price.inputPerMillion")]
    [InlineData("""{"modelId": "m", "price": {"inputPerMillion": 1, "outputPerMillion": 1000000}}""", "price.outputPerMillion")]
    [InlineData("""{"modelId": "m", "price": {"inputPerMillion": 1, "outputPerMillion": 0.0000001}}""", "price.outputPerMillion")]
    [InlineData("""{"modelId": "m", "price": {"inputPerMillion": 1, "outputPerMillion": 1, "batchFactor": 1.5}}""", "price.batchFactor")]
    [InlineData("""{"modelId": "m", "price": {"inputPerMillion": 1, "outputPerMillion": 1, "batchFactor": 0.0001}}""", "price.batchFactor")]
    [InlineData("""{"modelId": "m", "price": {"inputPerMillion": 1, "outputPerMillion": 1, "perImage": -0.1}}""", "price.perImage")]
    public async Task A_model_that_cannot_be_is_told_by_its_field(string body, string field)
    {
        using var client = await models.UserAsync();
        var provider = await ModelsApi.ProviderAsync(client);
        var made = await ModelsApi.ModelAsync(client, provider, "other");

        foreach (var asked in new[] { client.PostTextAsync(Path(provider), body), client.PutTextAsync(One(made), body) })
        {
            var problem = await asked.ProblemAsync(400, "validation_failed");
            problem["errors"]!.AsObject().Select(fault => fault.Key).ShouldBe([field]);
        }
    }

    [Fact]
    public async Task A_model_keeps_its_id_and_a_provider_has_each_once()
    {
        using var client = await models.UserAsync();
        var provider = await ModelsApi.ProviderAsync(client);
        var made = await ModelsApi.ModelAsync(client, provider, "one");

        var problem = await client.PutTextAsync(One(made), """{"modelId": "two", "price": {"inputPerMillion": 1, "outputPerMillion": 1}}""").ProblemAsync(400, "validation_failed");
        problem["errors"]!.AsObject().Select(fault => fault.Key).ShouldBe(["modelId"]);
        (await client.GetAsync(One(made)).OkAsync()).ToJsonString().ShouldBe(made.ToJsonString());
        await client.PostTextAsync(Path(provider), """{"modelId": "one"}""").ProblemAsync(409, "name_taken");
        await ModelsApi.ModelAsync(client, await ModelsApi.ProviderAsync(client), "one");
    }

    [Fact]
    public async Task A_user_has_two_hundred_models_at_most()
    {
        var client = await _api.ClientAsync();
        var provider = await ModelsApi.ProviderAsync(client.Http);
        await _api.Database.ExecuteAsync("INSERT INTO ai_model_metadata (id, user_id, provider_id, model_id, display_name) SELECT gen_random_uuid(), $1, $2, 'n' || n, 'N' FROM generate_series(1, 199) n", client.User.Id, Id(provider));
        await ModelsApi.ModelAsync(client.Http, provider);

        await client.Http.PostTextAsync(Path(provider), """{"modelId": "one-more"}""").ProblemAsync(409, "too_many_models");

        (await client.Http.GetAsync(Path(provider) + "?limit=100").OkAsync())["nextCursor"].ShouldNotBeNull();
        await client.Http.GetAsync(Path(provider) + "?limit=101").ProblemAsync(400, "validation_failed");
    }

    [Fact]
    public async Task Another_users_model_is_not_there()
    {
        using var owner = await models.UserAsync();
        using var stranger = await models.UserAsync();
        using var admin = await models.AdminAsync();
        var made = await ModelsApi.ModelAsync(owner, await ModelsApi.ProviderAsync(owner), price: new { inputPerMillion = 1, outputPerMillion = 1 });

        foreach (var client in new[] { stranger, admin })
        {
            await client.GetAsync(One(made)).ProblemAsync(404, "model_not_found");
            await client.PutTextAsync(One(made), """{"modelId": "m-1", "price": {"inputPerMillion": 0, "outputPerMillion": 0}}""").ProblemAsync(404, "model_not_found");
            await client.DeleteAsync(One(made)).ProblemAsync(404, "model_not_found");
        }

        (await owner.GetAsync(One(made)).OkAsync()).ToJsonString().ShouldBe(made.ToJsonString());
    }

    [Fact]
    public async Task The_platforms_models_and_prices_are_seen_by_all_and_set_by_administrators()
    {
        using var admin = await models.AdminAsync();
        using var user = await models.UserAsync();
        await user.PostTextAsync(Offline, """{"modelId": "x"}""").ProblemAsync(403, "admin_required");
        var provider = await ModelsApi.ProviderAsync(admin, platform: true);
        var made = await ModelsApi.ModelAsync(admin, provider, price: new { inputPerMillion = 1, outputPerMillion = 2 });
        ((string)made["owner"]!).ShouldBe("platform");

        (await user.GetAsync(One(made)).OkAsync()).ToJsonString().ShouldBe(made.ToJsonString());
        await user.PutTextAsync(One(made), """{"modelId": "m-1", "price": {"inputPerMillion": 0, "outputPerMillion": 0}}""").ProblemAsync(403, "admin_required");
        await user.DeleteAsync(One(made)).ProblemAsync(403, "admin_required");

        (await PriceAsync(admin, made, """{"inputPerMillion": 1, "outputPerMillion": 3}""")).ShouldBe(2);
        ((decimal)(await user.GetAsync(One(made)).OkAsync())["price"]!["outputPerMillion"]!).ShouldBe(3);
        await admin.DeleteAsync(One(made)).NoContentAsync();
        var offline = (await user.GetAsync(Offline).OkAsync())["models"]!.AsArray().ShouldHaveSingleItem()!;
        ((string)offline["modelId"]!).ShouldBe("offline-author");
        ((decimal)offline["price"]!["inputPerMillion"]!).ShouldBe(0);
    }

    [Fact]
    public async Task Of_two_editors_the_second_is_told_and_sets_no_price()
    {
        using var client = await models.UserAsync();
        var made = await ModelsApi.ModelAsync(client, await ModelsApi.ProviderAsync(client));
        using var read = await client.GetAsync(One(made));
        var tag = read.Headers.ETag!.ToString();

        foreach (var (price, status) in new[] { (1, 200), (2, 412) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, One(made)) { Content = JsonContent.Create(new { modelId = "m-1", price = new { inputPerMillion = price, outputPerMillion = price } }) };
            request.Headers.TryAddWithoutValidation("If-Match", tag);
            using var answer = await client.SendAsync(request);
            ((int)answer.StatusCode).ShouldBe(status);
        }

        (await _api.Database.AskAsync<long>("SELECT count(*) FROM ai_model_prices WHERE model_id = $1", Id(made))).ShouldBe(1);
    }

    private static async Task<int> PriceAsync(HttpClient client, JsonNode model, string price) =>
        (int)(await client.PutTextAsync(One(model), $$"""{"modelId": "{{model["modelId"]}}", "price": {{price}}}""").OkAsync())["price"]!["version"]!;

    private static string Path(JsonNode provider) => $"/v1/providers/{provider["id"]}/models";

    private static string One(JsonNode model) => $"/v1/models/{model["id"]}";

    private static Guid Id(JsonNode row) => Guid.Parse((string)row["id"]!);
}
