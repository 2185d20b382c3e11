import pulumi
import pulumi_disruptive as dt

config = pulumi.Config()

master = dt.ServiceAccount(
    "company-master-access",
    project=config.require("home"),
    display_name="Company Master Access",
)
dt.OrgAdminBinding(
    "company-master-access",
    organization=config.require("organization"),
    member=master.email,
)
# This key gives access to everything, so rotate it often.
key = dt.ServiceAccountKey("company-master-access", service_account=master.id, rotate_after="30d")

pulumi.export("email", master.email)
pulumi.export("credentials", key.credentials)
