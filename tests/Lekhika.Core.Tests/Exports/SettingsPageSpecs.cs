using System.Text.Json;
using Lekhika.Core.Exports;
using Lekhika.Core.Exports.Forms;
using Lekhika.Core.Manuscripts;

namespace Lekhika.Core.Tests.Exports;

public sealed class SettingsPageSpecs
{
    [Fact]
    public void The_page_on_settings_names_every_setting_variable_theme_and_kind()
    {
        var page = File.ReadAllText(Path.Combine(Repository(), "docs", "settings.md"));

        typeof(ExportSettings).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
        FormSettings.Variables.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
        Theme.All.Where(theme => !page.Contains($"`{theme.Id}` | {theme.Name} |", StringComparison.Ordinal)).ShouldBeEmpty();
        PageSize.Named.Where(size => !page.Contains(size.Name, StringComparison.Ordinal)).ShouldBeEmpty();
        Enum.GetNames<MatterKind>().Select(JsonNamingPolicy.CamelCase.ConvertName).Where(kind => !page.Contains(kind, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lekhika.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
