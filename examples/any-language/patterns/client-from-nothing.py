import pulumi
import pulumi_disruptive as dt

organization = pulumi.Config().require("organization")

client = dt.Project(
    "client-c",
    organization=organization,
    display_name="Client C",
    labels={"customer": "client-c"},
)
account = dt.ServiceAccount(
    "client-c",
    project=client.id,
    display_name="Client C Access from Company A",
)
key = dt.ServiceAccountKey("client-c", service_account=account.id, rotate_after="90d")
# Administrators of this project can create keys for the client's cloud.
dt.ProjectRoleBinding(
    "client-c-grace",
    project=client.id,
    member="grace@example.com",
    role="project.admin",
)

# Send this to the client. The client grants roles to it.
pulumi.export("email", account.email)
pulumi.export("credentials", key.credentials)
