"""Runs the vendor's Python client, unchanged, against the API that the environment names.

DT_CREDENTIALS_FILE is the client's own variable; DT_API_URL, PROJECT and ORGANIZATION are ours.
Prints one line a call that did what its documentation says; anything else ends with a traceback.
"""

import os

import disruptive as dt
from disruptive.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthorized

dt.base_url = os.environ["DT_API_URL"]
project = os.environ["PROJECT"]
organization = os.environ["ORGANIZATION"]


def raises(error, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except error:
        return True
    return False


def check(name, truth):
    assert truth, name
    print(name)


accounts = dt.ServiceAccount
account = accounts.create_service_account(project, "erp", basic_auth_enabled=True)
check("create_service_account", account.display_name == "erp" and account.basic_auth_enabled)
account_id = account.service_account_id
check("get_service_account", accounts.get_service_account(account_id, project).email == account.email)
renamed = accounts.update_service_account(account_id, project, "crm", basic_auth_enabled=False)
check("update_service_account", (renamed.display_name, renamed.basic_auth_enabled) == ("crm", False))
check("list_service_accounts", account_id in [a.service_account_id for a in accounts.list_service_accounts(project)])

key = accounts.create_key(account_id, project)
check("create_key", len(key.secret) == 32 and key.create_time is not None)
check("get_key", accounts.get_key(key.key_id, account_id, project).secret is None)
check("list_keys", [k.key_id for k in accounts.list_keys(account_id, project)] == [key.key_id])


def login(secret):
    auth = dt.Auth.service_account(key.key_id, secret, account.email)
    auth.token_endpoint = dt.default_auth.token_endpoint
    return auth


check("login with a new key", dt.Role.list_roles(auth=login(key.secret)))
check("login with a wrong secret", raises(Unauthorized, login("wrong").refresh))
check("no access yet", raises(Forbidden, dt.Project.get_project, project, auth=login(key.secret)))

member = dt.Project.add_member(project, account.email, [dt.Role.PROJECT_USER])
check("add_member", (member.status, member.account_type) == ("ACCEPTED", "SERVICE_ACCOUNT"))
check("add_member again", raises(Conflict, dt.Project.add_member, project, account.email, ["project.user"]))
check("get_member", dt.Project.get_member(member.member_id, project).roles == ["project.user"])
changed = dt.Project.update_member(member.member_id, project, [dt.Role.PROJECT_ADMIN])
check("update_member", changed.roles == ["project.admin"])
check("list_members", member.member_id in [m.member_id for m in dt.Project.list_members(project)])
invited = dt.Project.add_member(project, "somebody@example.com", ["project.developer"])
check("add_member of a person", (invited.status, invited.account_type) == ("PENDING", "USER"))
check("get_member_invite_url", dt.Project.get_member_invite_url(invited.member_id, project).startswith("https://"))
check("no invite url", raises(BadRequest, dt.Project.get_member_invite_url, member.member_id, project))
dt.Project.remove_member(member.member_id, project)
check("remove_member", raises(NotFound, dt.Project.get_member, member.member_id, project))
check("project list_permissions", "membership.create" in dt.Project.list_permissions(project))

orgs = dt.Organization
check("list_organizations", [o.organization_id for o in orgs.list_organizations()] == [organization])
check("get_organization", orgs.get_organization(organization).display_name)
admin = orgs.add_member(organization, "boss@example.com", [dt.Role.ORGANIZATION_ADMIN])
check("organization add_member", admin.roles == ["organization.admin"])
check("organization get_member", orgs.get_member(admin.member_id, organization).email == "boss@example.com")
check("organization list_members", admin.member_id in [m.member_id for m in orgs.list_members(organization)])
check("organization invite url", orgs.get_member_invite_url(admin.member_id, organization).startswith("https://"))
orgs.remove_member(admin.member_id, organization)
check("organization remove_member", raises(NotFound, orgs.get_member, admin.member_id, organization))
check("organization list_permissions", len(orgs.list_permissions(organization)) == 7)

check("list_roles", "project.developer" in [r.role for r in dt.Role.list_roles()])
check("get_role", len(dt.Role.get_role("project.user").permissions) == 8)

made = dt.Project.create_project(organization, "made")
check("create_project", made.organization_id == organization and not made.is_inventory)
dt.Project.update_project(made.project_id, "remade")
check("update_project", dt.Project.get_project(made.project_id).display_name == "remade")
check("list_projects", [p.project_id for p in dt.Project.list_projects(organization, query="remade")] == [made.project_id])
check("delete_project of one in use", raises(BadRequest, dt.Project.delete_project, project))
dt.Project.delete_project(made.project_id)
check("delete_project", raises(NotFound, dt.Project.get_project, made.project_id))

accounts.delete_key(key.key_id, account_id, project)
check("delete_key", accounts.list_keys(account_id, project) == [])
check("login with a deleted key", raises(Unauthorized, login(key.secret).refresh))
accounts.delete_service_account(account_id, project)
check("delete_service_account", raises(NotFound, accounts.get_service_account, account_id, project))

# Last, since this client sends the token of a list of several pages along with every list thereafter.
for number in range(101):
    dt.Project.add_member(project, f"member{number}@example.com", ["project.user"])
check("a list of two pages", len(dt.Project.list_members(project)) == 102)
