using System.Collections.Generic;
using Pulumi;
using PulumiDt.Disruptive;

return await Deployment.RunAsync(() =>
{
    // An account has no access to its own project by default.
    var account = new ServiceAccount("warehouse", new ServiceAccountArgs
    {
        Project = "c14u9q095l47ccv1o3pg",
        DisplayName = "Data warehouse",
    });
    new ProjectRoleBinding("warehouse-reads", new ProjectRoleBindingArgs
    {
        Project = "c15j9p094l47cdv0o3pg",
        Member = account.Email,
        Role = "project.user",
    });
    new ProjectRoleBinding("jane", new ProjectRoleBindingArgs
    {
        Project = "c15j9p094l47cdv0o3pg",
        Member = "jane@example.com",
        Role = "project.admin",
    });
    var key = new ServiceAccountKey("warehouse", new ServiceAccountKeyArgs
    {
        ServiceAccount = account.Id,
        RotateAfter = "90d",
    });

    return new Dictionary<string, object?>
    {
        ["deployedBy"] = WhoAmI.Invoke().Apply(me => me.Email),
        ["credentials"] = key.Credentials, // shown as [secret]
    };
});
