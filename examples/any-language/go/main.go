package main

import (
	"github.com/pulumi-dt/pulumi-dt/sdk/go/disruptive"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// An account has no access to its own project by default.
		account, err := disruptive.NewServiceAccount(ctx, "warehouse", &disruptive.ServiceAccountArgs{
			Project:     pulumi.String("c14u9q095l47ccv1o3pg"),
			DisplayName: pulumi.String("Data warehouse"),
		})
		if err != nil {
			return err
		}
		_, err = disruptive.NewProjectRoleBinding(ctx, "warehouse-reads", &disruptive.ProjectRoleBindingArgs{
			Project: pulumi.String("c15j9p094l47cdv0o3pg"),
			Member:  account.Email,
			Role:    pulumi.String("project.user"),
		})
		if err != nil {
			return err
		}
		_, err = disruptive.NewProjectRoleBinding(ctx, "jane", &disruptive.ProjectRoleBindingArgs{
			Project: pulumi.String("c15j9p094l47cdv0o3pg"),
			Member:  pulumi.String("jane@example.com"),
			Role:    pulumi.String("project.admin"),
		})
		if err != nil {
			return err
		}
		key, err := disruptive.NewServiceAccountKey(ctx, "warehouse", &disruptive.ServiceAccountKeyArgs{
			ServiceAccount: account.ID(),
			RotateAfter:    pulumi.String("90d"),
		})
		if err != nil {
			return err
		}
		ctx.Export("deployedBy", disruptive.WhoAmIOutput(ctx).Email())
		ctx.Export("credentials", key.Credentials) // shown as [secret]
		return nil
	})
}
