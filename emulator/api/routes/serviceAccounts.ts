import * as v from "valibot";
import { ApiError } from "../../cloud/apiError";
import { idOf, parentOf } from "../../cloud/ids";
import type { Key, ServiceAccount } from "../../cloud/resources";
import { createAccount, createKey, deleteAccount, updateAccount } from "../../cloud/serviceAccounts";
import { message } from "../../schemas/jsonSchemas";
import type { Call } from "../call";
import { created, deleted, ok } from "../outcome";
import { route } from "../route";
import { extended } from "./responseBodies";
import { masked } from "./updateMask";

const accountBody = message({
  displayName: v.optional(v.string()),
  enableBasicAuth: v.optional(v.boolean()),
});
const accountFields = ["name", "email", "displayName", "enableBasicAuth", "createTime", "updateTime"];
/** The request for a key has no fields. */
const newKey = message({});

type InAccount = Call<{ project: string; account: string }>;
type InKey = Call<{ project: string; account: string; key: string }>;

const projectOf = ({ params }: { params: { project: string } }): string => `projects/${params.project}`;
const nameOf = (call: { params: { project: string; account: string } }): string =>
  `${projectOf(call)}/serviceaccounts/${call.params.account}`;

/** Projects' service accounts. */
export const serviceAccountRoutes = [
  route(
    "GET",
    "projects/-/serviceaccounts",
    (call) => {
      const reached = call.cloud.accounts
        .list()
        .filter(({ name }) => call.holds("serviceaccount.read", parentOf(name)));
      return listAccounts(call, "projects/-", reached);
    },
    ({ wildcardServiceAccounts }) => (wildcardServiceAccounts === "404" ? 404 : undefined),
  ),
  route("GET", "projects/{project}/serviceaccounts", (call) => {
    call.require("serviceaccount.read", projectOf(call));
    return listAccounts(call, projectOf(call), call.cloud.accounts.list(projectOf(call)));
  }),
  route("POST", "projects/{project}/serviceaccounts", (call) => {
    const { displayName, enableBasicAuth = false } = acceptedName(call, call.read(accountBody));
    const project = projectOf(call);
    call.require("serviceaccount.create", project);
    const { accountsPerProject } = call.cloud.unknowns;
    if (accountsPerProject > 0 && call.cloud.accounts.countIn(project) >= accountsPerProject)
      throw new ApiError(400, "too many service accounts in the project");
    if (displayName !== undefined) refuseDuplicate(call, project, displayName);
    const named = displayName === undefined ? {} : { displayName };
    return created(shown(call, createAccount(call.cloud, { project, enableBasicAuth, ...named })));
  }),
  route("GET", "projects/{project}/serviceaccounts/{account}", (call) =>
    ok(shown(call, reach(call, "serviceaccount.read"))),
  ),
  route("PATCH", "projects/{project}/serviceaccounts/{account}", (call) => {
    const changes = acceptedName(call, masked(call, call.read(accountBody), accountFields));
    const account = reach(call, "serviceaccount.update");
    if (changes.displayName !== undefined && changes.displayName !== account.displayName)
      refuseDuplicate(call, projectOf(call), changes.displayName);
    const { displayName = account.displayName, enableBasicAuth = account.enableBasicAuth } = changes;
    return ok(shown(call, updateAccount(call.cloud, account, { displayName, enableBasicAuth })));
  }),
  route("DELETE", "projects/{project}/serviceaccounts/{account}", (call) => {
    const account = reach(call, "serviceaccount.delete");
    const { accountDeletionRefusedWithKeys, accountDeletionRefusedWithMemberships } = call.cloud.unknowns;
    if (accountDeletionRefusedWithKeys && call.cloud.keys.countIn(account.name) > 0)
      throw new ApiError(400, "the service account has keys");
    if (accountDeletionRefusedWithMemberships && call.cloud.members.withId(idOf(account.name)).length > 0)
      throw new ApiError(400, "the service account is a member");
    deleteAccount(call.cloud, account);
    return deleted();
  }),
];

/** At most this many keys of an account. */
const maxKeys = 10;

/** Service accounts' keys; a secret is in the answer to the POST and nowhere else. */
export const keyRoutes = [
  route("GET", "projects/{project}/serviceaccounts/{account}/keys", (call) => {
    const account = reach(call, "serviceaccount.key.read");
    const { keys } = call.cloud;
    const items = call.listed("keys", keys.list(account.name));
    const of = { list: `${account.name}/keys`, positionOf: (key: Key) => keys.positionOf(key) };
    return call.page("keys", items, of, (key) => withoutSecret(call, key));
  }),
  route("POST", "projects/{project}/serviceaccounts/{account}/keys", (call) => {
    call.read(newKey);
    const account = reach(call, "serviceaccount.key.create");
    if (call.cloud.keys.countIn(account.name) >= maxKeys)
      throw new ApiError(
        call.cloud.unknowns.eleventhKeyStatus,
        `a service account has at most ${maxKeys} keys`,
      );
    const key = createKey(call.cloud, account);
    return created({ key: withoutSecret(call, key), secret: key.secret });
  }),
  route("GET", "projects/{project}/serviceaccounts/{account}/keys/{key}", (call) =>
    ok(withoutSecret(call, reachKey(call, "serviceaccount.key.read"))),
  ),
  route("DELETE", "projects/{project}/serviceaccounts/{account}/keys/{key}", (call) => {
    call.cloud.keys.remove(reachKey(call, "serviceaccount.key.delete"));
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
  return call.page("serviceAccounts", call.listed("accounts", accounts), of, (account) =>
    shown(call, account),
  );
}

function reach(call: InAccount | InKey, permission: string): ServiceAccount {
  call.require(permission, projectOf(call));
  return call.find("accounts", nameOf(call));
}

function reachKey(call: InKey, permission: string): Key {
  reach(call, permission);
  return call.find("keys", `${nameOf(call)}/keys/${call.params.key}`);
}

const shown = (call: Call<unknown>, account: ServiceAccount): unknown => extended(call, account);

function withoutSecret(call: Call<unknown>, { name, id, createTime }: Key): unknown {
  return extended(call, { name, id, createTime });
}

type AccountBody = v.InferOutput<typeof accountBody>;

function acceptedName(call: Call<unknown>, body: AccountBody): AccountBody {
  const { clearingDisplayName, displayNameMaxLength } = call.cloud.unknowns;
  const { displayName } = body;
  if (displayNameMaxLength > 0 && (displayName?.length ?? 0) > displayNameMaxLength)
    throw new ApiError(400, "displayName is too long");
  if (displayName !== "" || clearingDisplayName === "ok") return body;
  if (clearingDisplayName === "400") throw new ApiError(400, "displayName is empty");
  return body.enableBasicAuth === undefined ? {} : { enableBasicAuth: body.enableBasicAuth };
}

function refuseDuplicate(call: Call<unknown>, project: string, displayName: string): void {
  if (call.cloud.unknowns.duplicateAccountNames === "ok") return;
  const same = call.cloud.accounts.list(project).some((account) => account.displayName === displayName);
  if (same) throw new ApiError(409, "already exists");
}
