import pulumi
import pulumi_disruptive as dt

config = pulumi.Config()
projects = {name: config.require(name) for name in ("cleaning", "refrigeration")}

credentials = {}
for served, project in projects.items():
    system = f"{served}-reports"
    # One project for all accounts, with few members. Without it, the project that the system reads.
    home = config.get("home") or project
    account = dt.ServiceAccount(system, project=home, display_name=system)
    # An account has no access to its own project by default, so grant it explicitly.
    dt.ProjectRoleBinding(system, project=project, member=account.email, role="project.user")
    key = dt.ServiceAccountKey(system, service_account=account.id)
    credentials[served] = key.credentials

pulumi.export("credentials", credentials)
