import pulumi
import pulumi_disruptive as dt

# One project for each client. Only its administrators can create keys for that client's cloud.
clients = {"Client B": pulumi.Config().require("clientB")}
key_makers = ["ada@example.com"]

emails = {}
credentials = {}
for client, project in clients.items():
    account = dt.ServiceAccount(
        client,
        project=project,
        display_name=f"{client} Access from Company A",
    )
    for member in key_makers:
        dt.ProjectRoleBinding(
            f"{client}-{member}",
            project=project,
            member=member,
            role="project.admin",
        )
    # Reports everybody else in the project.
    dt.ProjectAccess(client, project=project, members=key_makers, mode="report")
    key = dt.ServiceAccountKey(client, service_account=account.id, rotate_after="90d")
    emails[client] = account.email
    credentials[client] = key.credentials

# Send each client its email. The client grants roles to it.
pulumi.export("emails", emails)
pulumi.export("credentials", credentials)
