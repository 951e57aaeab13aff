using Lekhika.Worker.Pipeline;

namespace Lekhika.Worker.Tests.Pipeline;

public sealed class SceneWatcherSpecs
{
    private const string Chapter = "First *scene*, with --- in it.\n\nMore.\n\n***\n\nSecond scene.\n\n* * *\nThird scene,\n\n- a list\n- of two\n\n  ---  \n\n\nLast.";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void Scenes_end_at_breaks_with_all_their_white_space_however_the_text_arrives(int length)
    {
        var watcher = new SceneWatcher(0);

        var scenes = Chapter.Chunk(length).SelectMany(piece => watcher.Add(new string(piece))).ToList();

        scenes.Select(scene => scene.Number).ShouldBe([1, 2, 3]);
        scenes.Select(scene => scene.Content).ShouldBe(
            ["First *scene*, with --- in it.\n\nMore.\n\n***\n\n", "Second scene.\n\n* * *\n", "Third scene,\n\n- a list\n- of two\n\n  ---  \n\n\n"]);
        Chapter.ShouldStartWith(string.Concat(scenes.Select(scene => scene.Content)));
    }

    [Theory]
    [InlineData("A title\n---\nText.")]
    [InlineData("One.\n\n***")]
    [InlineData("One.\n\n***\n\n")]
    [InlineData("***\n\nOne.")]
    [InlineData("One.\n\n**\n\nTwo.")]
    [InlineData("One.\n\n*** bold ***\n\nTwo.")]
    [InlineData("One.\n\n- - x\n\nTwo.")]
    public void What_is_no_break_or_not_over_yet_ends_no_scene(string text)
    {
        var watcher = new SceneWatcher(0);

        text.SelectMany(letter => watcher.Add(letter.ToString())).ShouldBeEmpty();
    }

    [Fact]
    public void Numbers_go_on_from_the_scenes_that_are_there() => new SceneWatcher(4).Add("a\n\n***\n\nb\n\n---\n\nc").Select(scene => scene.Number).ShouldBe([5, 6]);

    [Fact]
    public void A_megabyte_in_small_pieces_is_watched_at_once()
    {
        var watcher = new SceneWatcher(0);
        var scenes = 0;

        for (var paragraph = 0; paragraph < 10_000; paragraph++)
        {
            scenes += watcher.Add("A paragraph of some hundred characters that has nothing of a break in it, whatever else it may have.").Count;
            scenes += watcher.Add(paragraph % 100 == 99 ? "\n\n***\n\n" : "\n\n").Count;
        }

        scenes.ShouldBe(99);
    }
}
