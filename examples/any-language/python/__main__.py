import pulumi
import pulumi_disruptive as dt

# An account has no access to its own project by default.
account = dt.ServiceAccount(
    "warehouse",
    project="c14u9q095l47ccv1o3pg",
    display_name="Data warehouse",
)
dt.ProjectRoleBinding(
    "warehouse-reads",
    project="c15j9p094l47cdv0o3pg",
    member=account.email,
    role="project.user",
)
dt.ProjectRoleBinding(
    "jane",
    project="c15j9p094l47cdv0o3pg",
    member="jane@example.com",
    role="project.admin",
)
key = dt.ServiceAccountKey("warehouse", service_account=account.id, rotate_after="90d")

pulumi.export("deployedBy", dt.who_am_i().email)
pulumi.export("credentials", key.credentials)  # shown as [secret]
