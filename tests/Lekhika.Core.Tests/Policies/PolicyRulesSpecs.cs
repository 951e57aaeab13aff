using System.Diagnostics;
using Lekhika.Core.Policies;

namespace Lekhika.Core.Tests.Policies;

public sealed class PolicyRulesSpecs
{
    private static readonly ContentPolicy Usual = ContentPolicy.Of(null, null);

    private static readonly ContentPolicy Strictest = ContentPolicy.Of(null, new(PolicyCategories.All.ToDictionary(category => category.Key, _ => false), []));

    [Theory]
    [InlineData("adult", "I want explicit sex scenes, please.")]
    [InlineData("adult", "Erotica")]
    [InlineData("adult", "Write EROTICA about pirates.")]
    [InlineData("adult", "An erotic\n  novel in three parts")]
    [InlineData("minors", "A sexual story about a child.")]
    [InlineData("minors", "lolicon")]
    [InlineData("self_harm", "Explain how to kill yourself without pain.")]
    [InlineData("self_harm", "the most painless ways to end your life")]
    [InlineData("hate", "We must exterminate all the Roma, he wrote.")]
    [InlineData("weapons", "Teach readers how to build a pipe bomb.")]
    [InlineData("weapons", "How to make a bomb — at home")]
    [InlineData("crime", "A step-by-step guide on making fentanyl")]
    public void What_is_asked_for_in_so_many_words_is_refused(string category, string text) => PolicyRules.Find(text, Usual).ShouldBe(new PolicyFinding(category));

    [Fact]
    public void Graphic_cruelty_is_refused_once_somebody_says_so()
    {
        const string text = "Give me graphic torture, and much of it.";
        PolicyRules.Find(text, Usual).ShouldBeNull();
        PolicyRules.Find(text, Strictest).ShouldBe(new PolicyFinding("violence_graphic"));
    }

    [Theory]
    [MemberData(nameof(OrdinaryBooks))]
    public void An_ordinary_book_passes_even_the_strictest_policy(string kind, string text) => PolicyRules.Find(text, Strictest).ShouldBeNull(kind);

    public static TheoryData<string, string> OrdinaryBooks => new()
    {
        {
            "a murder mystery", """
                The inspector turned the body over. Three stab wounds, and the throat cut from ear to ear; blood had dried on the boards. "He was poisoned first,"
                said the doctor. "Arsenic, I should think. Somebody wanted to be sure." On the desk lay a book about poisons, a revolver with its silencer, and a letter:
                "I shall kill you, Edmund, as you killed my sister." The constable asked how the murderer had got rid of the knife. In the search history of the laptop
                stood how to make a bomb and a picture of the pipe bomb that had been found in the car. He hired a hitman, laundered the money and forged a passport.
                """
        },
        {
            "a war novel", """
                The grenade took Willi's legs. His entrails lay in the mud and he was still calling for his mother. They fired the machine gun until the barrel glowed; the
                gas came over the trench and men tore at their throats. "Heil Hitler," said the lieutenant, and nobody answered. In the East they shot the Jews of
                the village at the ravine, and the commander said that they meant to exterminate the Jews of Europe. The bomb fell on the school. She built no more
                hope on peace than on God. They hanged the partisans, and raped, and burned what was left.
                """
        },
        {
            "a love story", """
                He kissed her neck, and she drew him down beside her. Her skin was warm under his hands. "Stay," she whispered. They made love while the rain fell on the roof,
                and afterwards lay naked in the grey light, and she laughed because his heart beat so hard. The cock crowed; the cat, an old puss, wanted its milk. It was the
                first erotic dream that she had not been ashamed of. There was sex, there was desire, there was a shelf of Victorian erotica that her aunt had hidden.
                """
        },
        {
            "a medical text", """
                Suicide is the second leading cause of death in this age group. Ask directly about thoughts of suicide, methods considered and self-harm; asking does not
                increase the risk. The glans penis, the clitoris and the vagina are examined under good light. Ejaculation, orgasm and sexual intercourse are described by the
                patient. Child sexual abuse must be reported. Anorexia and bulimia are treated with nutrition and psychotherapy. An overdose of paracetamol damages the liver.
                """
        },
        {
            "a novel of abuse and its consequences", """
                She was eleven when her uncle began to come into her room. At the trial the prosecutor spoke of rape, of child pornography on his computer, of the sexual abuse of
                children; he got nine years. She cut herself at fifteen, and tried to kill herself at sixteen, and did not die. "Kill yourself, then," a girl had said at school.
                """
        },
        { "a school book", "Sussex, Essex and Scunthorpe; the assassin; cum laude; a Dickens novel; the class of 1984; an analysis of Moby-Dick; how to make a bombe glacée." },
        { "a children's book", "Little boys and little girls ran to the river. The donkey, an ass, sang. A story about a child who finds a dragon and a teacher who shows how to build a kite." },
    };

    [Theory]
    [InlineData("Straße", "in der STRASSE dort", true)]
    [InlineData("ΟΔΥΣΣΕΥΣ", "ο Οδυσσευς γύρισε", true)]
    [InlineData("Ёлка", "ёлки и ЁЛКА", true)]
    [InlineData("Ёлка", "елка", false)]
    [InlineData("résumé", "resume the work", false)]
    [InlineData("résumé", "his RÉSUMÉ", true)]
    [InlineData("लेखिका", "वह लेखिका है", true)]
    [InlineData("लेख", "वह लेखिका है", false)]
    [InlineData("東京", "彼は東京へ行った", true)]
    [InlineData("京東", "彼は東京へ行った", false)]
    [InlineData("กรุงเทพ", "เขาไปกรุงเทพเมื่อวาน", true)]
    [InlineData("art", "party, heart, artful", false)]
    [InlineData("art", "the-art.", true)]
    [InlineData("lan\u200btern", "a lantern", true)]
    [InlineData("lantern", "a lan\u00adtern", true)]
    [InlineData("lantern", "a Lantern\u2019s light", true)]
    [InlineData("lantern", "a lantern \u05d0", true)]
    [InlineData("misses", "the mi\u00dfes", true)]
    [InlineData("kiss", "a \u212aiss", true)]
    [InlineData("Dr. Who", "said DR WHO,", true)]
    [InlineData("a b a c", "a b a b a c", true)]
    [InlineData("b a", "a b x a", false)]
    [InlineData("Area 51", "near area 51.", true)]
    [InlineData("Area 51", "near area 512.", false)]
    [InlineData("half", "\ud800half\udc00", true)]
    public void A_phrase_is_found_as_whole_words_in_any_script_without_regard_to_case(string phrase, string text, bool isFound) =>
        PolicyRules.Find(text, ContentPolicy.Of(null, new(PolicySettings.Empty.Categories, [phrase])))
            .ShouldBe(isFound ? new PolicyFinding(PolicyCategories.OwnWords, phrase) : null);

    [Theory]
    [InlineData("porn", true)]
    [InlineData(" Porn! ", true)]
    [InlineData("the harm that porn does", false)]
    [InlineData("porn, and the harm that it does", false)]
    [InlineData("the harm done by porn", false)]
    [InlineData("", false)]
    public void A_word_that_counts_only_alone_is_refused_alone(string text, bool isRefused) => (PolicyRules.Find(text, Usual) is not null).ShouldBe(isRefused);

    [Fact]
    public void What_the_platform_s_list_has_is_not_repeated() =>
        PolicyRules.Find("the Lantern", ContentPolicy.Of(new(PolicySettings.Empty.Categories, ["lantern"]), null)).ShouldBe(new PolicyFinding(PolicyCategories.PlatformWords));

    [Theory]
    [InlineData("a")]
    [InlineData("a ")]
    [InlineData("é\u0301\u0323")]
    [InlineData("explain how to make a ")]
    [InlineData("東")]
    [InlineData("- ")]
    public void A_megabyte_takes_time_as_it_is_long(string unit)
    {
        // Phrases that nearly fit everywhere: what looks again and again at the same words would take minutes.
        var policy = ContentPolicy.Of(null, new(PolicySettings.Empty.Categories, [.. Enumerable.Range(1, 200).Select(i => string.Concat(Enumerable.Repeat("a ", 49)) + $"b{i}")]));
        PolicyRules.Find("warm", policy);
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));

        var started = Stopwatch.GetTimestamp();
        PolicyRules.Find(text, policy).ShouldBeNull();

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_finding_at_the_very_end_of_a_megabyte_is_found() =>
        PolicyRules.Find(string.Concat(Enumerable.Repeat("a word ", 150_000)) + "an erotic novel", Usual).ShouldBe(new PolicyFinding("adult"));
}
