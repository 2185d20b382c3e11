/**
 * What no public source says about Disruptive's cloud, as one table: a question, the answers that the emulator can
 * give, and the one it gives unless told otherwise (the first). Whoever writes a client tries it under both.
 * The order is that of a walk through the API: conventions, login, accounts, keys, members, roles, projects, errors.
 */

export interface Choice<V> {
  readonly question: string;
  readonly values: readonly V[];
  readonly default: V;
}

export interface Amount {
  readonly question: string;
  /** What the number counts; of things there are only whole numbers. */
  readonly unit: "milliseconds" | "seconds" | "days" | "items" | "accounts" | "characters";
  readonly default: number;
}

const choice = <const V extends readonly (string | number | boolean)[]>(
  question: string,
  ...values: V
): Choice<V[number]> => ({ question, values, default: values[0] as V[number] });

const amount = (question: string, unit: Amount["unit"], byDefault = 0): Amount => ({
  question,
  unit,
  default: byDefault,
});

export const unknownsTable = {
  // Conventions
  createdStatus: choice("Status of a POST that made something?", 200, 201),
  successWithoutBody: choice("What does a DELETE answer?", "{}", "204", "empty"),
  propagationAccountMs: amount("How long does a new service account answer 404?", "milliseconds"),
  propagationKeyMs: amount("How long does a new key answer 404, and not log in?", "milliseconds"),
  propagationProjectMs: amount("How long does a new project answer 404?", "milliseconds"),
  propagationMemberMs: amount("How long does a new member answer 404, and have no access?", "milliseconds"),
  propagationInLists: choice("Are things that still answer 404 missing from lists, too?", true, false),
  sortOrder: choice("In which order do lists come?", "createdAsc", "createdDesc", "byName"),
  pageTokenLifetimeSeconds: amount("After how long is a page token refused? 0: never.", "seconds"),
  pageTokenOfAnotherList: choice("What if a page token of another list is sent?", "400", "ignored"),
  defaultPageSize: amount(
    "Items of a page where pageSize is left out? 0: as many as there may be.",
    "items",
    100,
  ),
  pageSizeAbove100: choice("A page size above 100?", "clamp", "400"),
  extraFields: choice("Do objects carry fields that nobody described?", false, true),
  queryNames: choice("Which spelling of query parameters is understood?", "both", "camelCase"),
  queryParameterTwice: choice("Which of two query parameters of one name counts?", "first", "last", "400"),
  encodedColon: choice("%3A before a verb, as in members%3AbatchCreate?", "404", "verb"),
  patchUpdateMaskRequired: choice("Does PATCH want an update_mask?", false, true),
  updateMaskEmpty: choice("An update_mask that is empty?", "allFields", "nothing", "400"),
  updateMaskSnakeCase: choice("A field in snake_case in an update_mask?", "accepted", "ignored", "400"),
  updateMaskUnknownField: choice("A field in an update_mask that does not exist?", "ignored", "400"),

  // Login
  tokenErrorBody: choice("What stands in the token endpoint's 400?", "both", "rfc6749", "dt"),
  tokenTypeCase: choice("How is token_type written?", "bearer", "Bearer"),
  loginContentType: choice(
    "A login whose content type is not application/x-www-form-urlencoded?",
    "accepted",
    "400",
    "415",
  ),
  audienceArray: choice("May `aud` be an array of one?", "accepted", "refused"),
  issuedInFutureSeconds: amount("How far ahead may an assertion's iat be?", "seconds"),
  tokensDieWithKey: choice("Does deleting a key end the tokens got with it?", false, true),
  clientCredentialsGrant: choice("Is grant_type=client_credentials served?", "refused", "accepted"),
  basicAuthOffStatus: choice("Basic auth on an account that has it off?", 401, 403, 400),
  basicAuthDelayMs: amount("How long after enabling it is Basic auth still refused?", "milliseconds"),

  // Service accounts
  duplicateAccountNames: choice("A second account of one display name in a project?", "ok", "409"),
  clearingDisplayName: choice('A displayName of ""?', "ok", "400", "ignored"),
  defaultDisplayName: choice("The display name of an account made without one?", "empty", "id"),
  displayNameMaxLength: amount("Longest display name? 0: no limit.", "characters"),
  accountsPerProject: amount("Most accounts in a project? 0: no limit.", "accounts"),
  accountDeletionKeepsMemberships: choice("Do memberships outlive their account?", false, true),
  accountDeletionRefusedWithKeys: choice("Is deleting an account that has keys refused?", false, true),
  accountDeletionRefusedWithMemberships: choice("And one that is still a member?", false, true),
  wildcardServiceAccounts: choice("GET projects/-/serviceaccounts?", "404", "ok"),
  eleventhKeyStatus: choice("The eleventh key of an account?", 400, 409),

  // Members
  memberCreateTime: choice("A member's createTime?", "real", "null", "1970"),
  memberEnumValues: choice("Are status and accountType among the known values?", "known", "new"),
  wrongRoleCount: choice("No role, or two?", "400", "accepted"),
  wrongScopeStatus: choice("An organization role in a project, or the reverse?", 400, 403),
  unknownRoleStatus: choice("A role that does not exist?", 400, 404),
  mailToKnownUsers: choice("Is a known user mailed when added?", true, false),
  invitationLifetimeDays: amount("When does an invitation expire? 0: never.", "days"),
  expiredInvitation: choice("What becomes of the member then?", "stays", "vanishes", "EXPIRED"),
  memberIdChangesOnAccept: choice("Does accepting give a user another member id?", false, true),
  unknownServiceAccountEmail: choice("Adding a service account that does not exist?", 400, 404, "pending"),
  accountsOfOtherOrganizations: choice("Adding an account of another organization?", "ok", "400"),
  projectMemberFilter: choice("?email= on a project's member list?", "ignored", "works", "400"),
  lastAdminRemoval: choice("Removing or demoting an organization's last admin?", "ok", "400"),
  lastProjectAdminRemoval: choice("Removing or demoting a project's last admin?", "ok", "400"),
  wildcardNeeds: choice(
    "What must projects/-/members be asked with?",
    "nothing",
    "memberId",
    "organization",
    "both",
  ),
  wildcardEmailFilter: choice("?email= on projects/-/members?", "ignored", "works", "400"),
  wildcardPermission: choice("Whose members does projects/-/members show?", "reach", "organization.admin"),
  batchSupported: choice("Are batchCreate and batchDelete there?", "yes", "403", "404", "400", "501"),
  batchLimit: amount("Most items in a batch? 0: no limit.", "items"),
  emptyBatch: choice("A batch of nothing?", 200, 400),
  batchAtomic: choice("Does a batch happen wholly or not at all?", true, false),
  batchFailureFormat: choice(
    "How does a partly done batch say so?",
    "fewerMembers",
    "batchErrors",
    "firstError",
  ),
  batchExistingMember: choice("A batch item that is a member already?", "409", "skipped", "perItem"),
  batchDeleteMissing: choice("A batchDelete of somebody who is no member?", "404", "skipped"),
  batchDeleteNameTwice: choice("A name twice in a batchDelete?", "ok", "400", "missing"),
  batchMixedEmails: choice("Several emails in one batch?", "ok", "400"),
  orgAdminsInProjectLists: choice(
    "Are organization admins listed as project members?",
    "no",
    "projects",
    "wildcard",
    "both",
  ),
  methodNotAllowed: choice("A method that is not served?", 405, 501),
  methodNotAllowedBody: choice("And its body?", "empty", "json"),
  emailCase: choice("Are A@x and a@x one user?", "oneUser", "twoUsers"),
  memberEmailReturned: choice("How are emails returned?", "asTyped", "lowerCase"),

  // Roles and permissions
  projectOperatorRole: choice("Is there roles/project.operator?", false, true),
  organizationViewerRole: choice("Is there roles/organization.viewer?", false, true),
  laterPermissions: choice("Are there permissions newer than the published matrix?", false, true),
  grantAboveOwnRole: choice("May a project.admin (no organization admin) grant project.admin?", "ok", "403"),

  // Projects and organizations
  projectPatchReadOnlyFields: choice(
    "What does PATCH projects/{p} answer for fields that it cannot change (inventory, counts, organizationDisplayName)?",
    "zero",
    "real",
  ),
  patchOrganization: choice("PATCH organizations/{o}?", "405", "ok"),
  organizationsOfProjectMembers: choice("Does a project's member see its organization?", false, true),
  bareOrganizationFilter: choice("May ?organization= be a bare id?", "accepted", "400"),

  // Errors and limits
  forbiddenAs: choice("The answer to a caller without access to a project?", 403, 404),
  missingProjectAs: choice("The answer about a project that does not exist?", 404, 403),
  errorBody: choice("The shape of an error's body?", "dt", "nested", "grpc", "empty"),
  errorCodeType: choice("An error's `code`?", "integer", "string"),
  rateLimitScope: choice(
    "What is the rate limit counted by?",
    "global",
    "organization",
    "account",
    "key",
    "address",
  ),
  rateLimitOnTokens: choice("Does the token endpoint count, too?", false, true),
  retryAfterHeader: choice("How does a 429 say how long?", "seconds", "date", "absent"),
} as const satisfies Record<string, Choice<string | number | boolean> | Amount>;

/** Open questions without a switch, and why no client of ours can be hurt by their answer. */
export const withoutSwitch: readonly { question: string; why: string }[] = [
  {
    question: "The bodies of the token endpoint's four documented errors",
    why: "tokenErrorBody gives every shape; their wording is the emulator's own",
  },
  {
    question: "The client id and flow of a user's login, the Swagger page's tokens",
    why: "we log in as a service account only; users exist here, but have no credentials",
  },
  { question: "Moving an account to another project", why: "no such call is known; a move is a replacement" },
  {
    question: "A flag against invitation mails, resending and accepting by REST",
    why: "no such call is known; `cloud` can accept, and mails are recorded",
  },
  {
    question: "Today's number of requests allowed",
    why: "the option rateLimit takes any",
  },
  { question: "An audit log, groups, custom roles, grants that end", why: "no such call is known" },
  {
    question: "What 409 «concurrent change» means",
    why: "a fault can answer it to any call, at any time",
  },
];
