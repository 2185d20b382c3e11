import pulumi
import pulumi_disruptive as dt

development = pulumi.Config().require("development")

account = dt.ServiceAccount(
    "prototype",
    project=development,
    display_name="Prototype, by Basic Auth until November",
    enable_basic_auth=True,
)
# Read-only, and in one project, because every request contains the secret.
dt.ProjectRoleBinding("prototype", project=development, member=account.email, role="project.user")
key = dt.ServiceAccountKey("prototype", service_account=account.id)

pulumi.export("user", key.key_id)
pulumi.export("password", key.secret)  # shown as [secret]
