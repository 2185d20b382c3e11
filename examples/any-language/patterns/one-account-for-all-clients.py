import pulumi
import pulumi_disruptive as dt

home = pulumi.Config().require("home")
account = dt.ServiceAccount("all-clients", project=home, display_name="Company A")
key = dt.ServiceAccountKey("all-clients", service_account=account.id, rotate_after="30d")

# Send this to every client. Each client grants roles to it.
pulumi.export("email", account.email)
pulumi.export("credentials", key.credentials)

# The projects of all clients, as the account sees them. Only their organization tells them apart.
provider = dt.Provider(
    "as-all-clients",
    key_id=key.key_id,
    key_secret=key.secret,
    email=account.email,
)


# In the first preview, the provider is unknown and the list is missing.
def by_client(found):
    clients = {}
    for project in found.projects or []:
        clients.setdefault(project.organization_display_name, []).append(project.display_name)
    return clients


seen = dt.get_projects_output(opts=pulumi.InvokeOutputOptions(provider=provider))
pulumi.export("clients", seen.apply(by_client))
