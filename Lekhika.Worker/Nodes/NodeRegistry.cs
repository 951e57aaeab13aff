using Lekhika.Core.Workflows;

namespace Lekhika.Worker.Nodes;

/// <summary>Which class does what a role asks for.</summary>
internal sealed class NodeRegistry
{
    private readonly Dictionary<string, INode> _byRole;

    public NodeRegistry(IEnumerable<NodeBinding> bindings)
    {
        _byRole = bindings.ToDictionary(binding => binding.Role.Key, binding => binding.Node);
        foreach (var binding in bindings)
        {
            var allowed = binding.Node switch
            {
                IWriterNode => binding.Role.CanWrite,
                IOutputNode => binding.Role.Type == NodeType.Output,
                IPreviewNode => binding.Role.Type == NodeType.Preview,
                _ => !binding.Role.CanWrite,
            };
            if (!allowed)
            {
                throw new InvalidOperationException($"The role {binding.Role.Key} may not be done by {binding.Node.GetType().Name}: its permissions are others.");
            }
        }
    }

    public INode For(WorkflowNode node) => _byRole.GetValueOrDefault(node.Data.Role!)
        ?? throw StepFault.Permanent($"The node '{node.Data.Label ?? node.Id}' has the role {node.Data.Role}, which this version cannot run yet. Take it out of the engine.");
}

/// <summary>A role and what does it.</summary>
internal sealed record NodeBinding(NodeRole Role, INode Node);

internal static class NodeRegistration
{
    public static IServiceCollection AddNodes(this IServiceCollection services)
    {
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton<BookCompiler>();
        services.Bind<RequirementsNode>("universal_input", "story_input", "business_input");
        services.Bind<ArchitectNode>("narrative_architect", "plot_architect");
        services.Bind<OutlinerNode>("story_outliner", "content_architect");
        services.Bind<ChapterWriterNode>("content_writer", "technical_writer", "copywriter");
        services.Bind<ReportNode>("researcher", "market_analyst", "fact_checker", "world_builder", "character_developer", "quality_checker", "proofreader");
        services.Bind<PictureNode>("image_generator", "ecover_generator");
        services.Bind<ConditionNode>("preference_router", "content_type_router", "quality_gate");
        services.Bind<PreviewNode>("chapter_previewer", "content_previewer", "final_previewer");
        services.Bind<CompilerNode>("end_to_end_polisher");
        services.Bind<OutputNode>("output_processor", "multi_format_output");
        return services;
    }

    private static void Bind<TNode>(this IServiceCollection services, params ReadOnlySpan<string> roles)
        where TNode : class, INode
    {
        services.AddSingleton<TNode>();
        foreach (var role in roles)
        {
            services.AddSingleton(provider => new NodeBinding(NodeRole.All[role], provider.GetRequiredService<TNode>()));
        }
    }
}
