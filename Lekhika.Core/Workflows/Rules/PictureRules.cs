namespace Lekhika.Core.Workflows.Rules;

/// <summary>The size of a picture is one that can be asked for.</summary>
internal static class PictureRules
{
    private const int Least = 256;
    private const int Most = 4_096;

    /// <summary>Whether a node makes pictures.</summary>
    public static bool Makes(WorkflowNode node) => RoleContracts.For(node.Data.Role ?? "") is { } contract && OutputKinds.IsPicture(contract.Makes);

    public static IEnumerable<WorkflowFault> Check(CheckedWorkflow workflow) => workflow.Definition.Nodes
        .Where(node => Makes(node) && (node.Data.ImageWidth is null != node.Data.ImageHeight is null || node.Data.ImageWidth is < Least or > Most || node.Data.ImageHeight is < Least or > Most))
        .Select(node => new WorkflowFault("picture", $"The picture of node '{node.Id}' has imageWidth and imageHeight both or none, each from {Least} to {Most} pixels.", [node.Id]));
}
