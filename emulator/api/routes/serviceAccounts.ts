import * as v from "valibot";
import { ApiError } from "../../cloud/apiError";
import { idOf, parentOf } from "../../cloud/ids";
import type { Key, ServiceAccount } from "../../cloud/resources";
import { createAccount, createKey, deleteAccount, updateAccount } from "../../cloud/serviceAccounts";
import { protoMessage } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { created, deleted, ok } from "../outcome";
import { route } from "../route";
import { withExtraFields } from "./responseBodies";
import { applyUpdateMask } from "./updateMask";

const accountRequest = protoMessage({
  displayName: v.optional(v.string()),
  enableBasicAuth: v.optional(v.boolean()),
});
const accountFields = ["name", "email", "displayName", "enableBasicAuth", "createTime", "updateTime"];
const newKey = protoMessage({});

type InAccount = Call<{ project: string; account: string }>;
type InKey = Call<{ project: string; account: string; key: string }>;

const projectOf = ({ params }: { params: { project: string } }): string => `projects/${params.project}`;
const nameOf = (call: { params: { project: string; account: string } }): string =>
  `${projectOf(call)}/serviceaccounts/${call.params.account}`;

/** Service accounts of projects. */
export const serviceAccountRoutes = [
  route(
    "GET",
    "projects/-/serviceaccounts",
    (call) => {
      const reached = call.cloud.accounts
        .list()
        .filter(({ name }) => call.hasPermission("serviceaccount.read", parentOf(name)));
      return listAccounts(call, "projects/-", reached);
    },
    ({ wildcardServiceAccounts }) => (wildcardServiceAccounts === "404" ? 404 : undefined),
  ),
  route("GET", "projects/{project}/serviceaccounts", (call) => {
    call.requirePermission("serviceaccount.read", projectOf(call));
    return listAccounts(call, projectOf(call), call.cloud.accounts.list(projectOf(call)));
  }),
  route("POST", "projects/{project}/serviceaccounts", (call) => {
    const { displayName, enableBasicAuth = false } = applyDisplayNameRules(
      call,
      call.parseBody(accountRequest),
    );
    const project = projectOf(call);
    call.requirePermission("serviceaccount.create", project);
    const { accountsPerProject } = call.cloud.unknowns;
    if (accountsPerProject > 0 && call.cloud.accounts.countUnder(project) >= accountsPerProject)
      throw new ApiError(400, "too many service accounts in the project");
    if (displayName !== undefined) checkDuplicateName(call, project, displayName);
    const named = displayName === undefined ? {} : { displayName };
    return created(accountBody(call, createAccount(call.cloud, { project, enableBasicAuth, ...named })));
  }),
  route("GET", "projects/{project}/serviceaccounts/{account}", (call) =>
    ok(accountBody(call, getAccount(call, "serviceaccount.read"))),
  ),
  route("PATCH", "projects/{project}/serviceaccounts/{account}", (call) => {
    const changes = applyDisplayNameRules(
      call,
      applyUpdateMask(call, call.parseBody(accountRequest), accountFields),
    );
    const account = getAccount(call, "serviceaccount.update");
    if (changes.displayName !== undefined && changes.displayName !== account.displayName)
      checkDuplicateName(call, projectOf(call), changes.displayName);
    const { displayName = account.displayName, enableBasicAuth = account.enableBasicAuth } = changes;
    return ok(accountBody(call, updateAccount(call.cloud, account, { displayName, enableBasicAuth })));
  }),
  route("DELETE", "projects/{project}/serviceaccounts/{account}", (call) => {
    const account = getAccount(call, "serviceaccount.delete");
    const { accountDeletionRefusedWithKeys, accountDeletionRefusedWithMemberships } = call.cloud.unknowns;
    if (accountDeletionRefusedWithKeys && call.cloud.keys.countUnder(account.name) > 0)
      throw new ApiError(400, "the service account has keys");
    if (accountDeletionRefusedWithMemberships && call.cloud.members.withId(idOf(account.name)).length > 0)
      throw new ApiError(400, "the service account is a member");
    deleteAccount(call.cloud, account);
    return deleted();
  }),
];

/** The most keys an account can have. */
const maxKeys = 10;

/** Keys of service accounts. Only the answer to the POST contains the secret. */
export const keyRoutes = [
  route("GET", "projects/{project}/serviceaccounts/{account}/keys", (call) => {
    const account = getAccount(call, "serviceaccount.key.read");
    const { keys } = call.cloud;
    const items = call.visibleInLists("keys", keys.list(account.name));
    const of = { list: `${account.name}/keys`, positionOf: (key: Key) => keys.positionOf(key) };
    return call.page("keys", items, of, (key) => keyBody(call, key));
  }),
  route("POST", "projects/{project}/serviceaccounts/{account}/keys", (call) => {
    call.parseBody(newKey);
    const account = getAccount(call, "serviceaccount.key.create");
    if (call.cloud.keys.countUnder(account.name) >= maxKeys)
      throw new ApiError(
        call.cloud.unknowns.eleventhKeyStatus,
        `a service account has at most ${maxKeys} keys`,
      );
    const key = createKey(call.cloud, account);
    return created({ key: keyBody(call, key), secret: key.secret });
  }),
  route("GET", "projects/{project}/serviceaccounts/{account}/keys/{key}", (call) =>
    ok(keyBody(call, getKey(call, "serviceaccount.key.read"))),
  ),
  route("DELETE", "projects/{project}/serviceaccounts/{account}/keys/{key}", (call) => {
    call.cloud.keys.remove(getKey(call, "serviceaccount.key.delete"));
    return deleted();
  }),
];

function listAccounts(
  call: Call<unknown>,
  project: string,
  accounts: ServiceAccount[],
): ReturnType<Call["page"]> {
  const { accounts: all } = call.cloud;
  const of = {
    list: `${project}/serviceaccounts`,
    positionOf: (account: ServiceAccount) => all.positionOf(account),
  };
  return call.page("serviceAccounts", call.visibleInLists("accounts", accounts), of, (account) =>
    accountBody(call, account),
  );
}

function getAccount(call: InAccount | InKey, permission: string): ServiceAccount {
  call.requirePermission(permission, projectOf(call));
  return call.getVisible("accounts", nameOf(call));
}

function getKey(call: InKey, permission: string): Key {
  getAccount(call, permission);
  return call.getVisible("keys", `${nameOf(call)}/keys/${call.params.key}`);
}

const accountBody = (call: Call<unknown>, account: ServiceAccount): unknown => withExtraFields(call, account);

function keyBody(call: Call<unknown>, { name, id, createTime }: Key): unknown {
  return withExtraFields(call, { name, id, createTime });
}

type AccountRequest = v.InferOutput<typeof accountRequest>;

function applyDisplayNameRules(call: Call<unknown>, body: AccountRequest): AccountRequest {
  const { clearingDisplayName, displayNameMaxLength } = call.cloud.unknowns;
  const { displayName } = body;
  if (displayNameMaxLength > 0 && (displayName?.length ?? 0) > displayNameMaxLength)
    throw new ApiError(400, "displayName is too long");
  if (displayName !== "" || clearingDisplayName === "ok") return body;
  if (clearingDisplayName === "400") throw new ApiError(400, "displayName is empty");
  return body.enableBasicAuth === undefined ? {} : { enableBasicAuth: body.enableBasicAuth };
}

function checkDuplicateName(call: Call<unknown>, project: string, displayName: string): void {
  if (call.cloud.unknowns.duplicateAccountNames === "ok") return;
  const same = call.cloud.accounts.list(project).some((account) => account.displayName === displayName);
  if (same) throw new ApiError(409, "already exists");
}
