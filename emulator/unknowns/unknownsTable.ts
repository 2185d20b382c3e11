/**
 * The questions that Disruptive's public documentation leaves open, each with the answers that the emulator can give.
 * The first answer is the default. Test a client with all of them.
 * The order follows the API: conventions, login, accounts, keys, members, roles, projects, errors.
 */

export interface Choice<V> {
  readonly question: string;
  readonly values: readonly V[];
  readonly default: V;
}

export interface Amount {
  readonly question: string;
  /** What the number counts. Items, accounts and characters must be whole numbers. */
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
  createdStatus: choice("Which status does a POST that creates something return?", 200, 201),
  successWithoutBody: choice("What does a successful DELETE return?", "{}", "204", "empty"),
  propagationAccountMs: amount("How long does a new service account return 404?", "milliseconds"),
  propagationKeyMs: amount("How long does a new key return 404 and fail to log in?", "milliseconds"),
  propagationProjectMs: amount("How long does a new project return 404?", "milliseconds"),
  propagationMemberMs: amount("How long does a new member return 404 and have no access?", "milliseconds"),
  propagationInLists: choice("Do lists also omit resources that still return 404?", true, false),
  sortOrder: choice("How are lists sorted?", "createdAsc", "createdDesc", "byName"),
  pageTokenLifetimeSeconds: amount("When does a page token expire? 0: never.", "seconds"),
  pageTokenOfAnotherList: choice("What happens if a page token of another list is sent?", "400", "ignored"),
  defaultPageSize: amount("How many items does a page have without pageSize? 0: the maximum.", "items", 100),
  pageSizeAbove100: choice("What happens if pageSize is above 100?", "clamp", "400"),
  extraFields: choice("Do responses contain undocumented fields?", false, true),
  queryNames: choice("Which spellings of query parameters are accepted?", "both", "camelCase"),
  queryParameterTwice: choice("Which value of a repeated query parameter is used?", "first", "last", "400"),
  encodedColon: choice("Is %3A accepted before a custom verb, as in members%3AbatchCreate?", "404", "verb"),
  patchUpdateMaskRequired: choice("Does PATCH require an update_mask?", false, true),
  updateMaskEmpty: choice("What does an empty update_mask mean?", "allFields", "nothing", "400"),
  updateMaskSnakeCase: choice(
    "Are snake_case fields in an update_mask accepted?",
    "accepted",
    "ignored",
    "400",
  ),
  updateMaskUnknownField: choice("What happens if an update_mask names an unknown field?", "ignored", "400"),

  // Login
  tokenErrorBody: choice("Which format does the token endpoint's 400 have?", "both", "rfc6749", "dt"),
  tokenTypeCase: choice("How is token_type spelled?", "bearer", "Bearer"),
  loginContentType: choice(
    "Is a login accepted if its content type is not application/x-www-form-urlencoded?",
    "accepted",
    "400",
    "415",
  ),
  audienceArray: choice("Can `aud` be an array with one item?", "accepted", "refused"),
  issuedInFutureSeconds: amount("How far in the future can the iat of an assertion be?", "seconds"),
  tokensDieWithKey: choice("Does deleting a key revoke its tokens?", false, true),
  clientCredentialsGrant: choice("Is grant_type=client_credentials supported?", "refused", "accepted"),
  basicAuthOffStatus: choice(
    "Which status does Basic auth return for an account that has not enabled it?",
    401,
    403,
    400,
  ),
  basicAuthDelayMs: amount("How long after it is enabled is Basic auth still refused?", "milliseconds"),

  // Service accounts
  duplicateAccountNames: choice("Can two accounts in a project have the same display name?", "ok", "409"),
  clearingDisplayName: choice("Is an empty displayName accepted?", "ok", "400", "ignored"),
  defaultDisplayName: choice("Which display name does an account get if none is given?", "empty", "id"),
  displayNameMaxLength: amount("How long can a display name be? 0: no limit.", "characters"),
  accountsPerProject: amount("How many accounts can a project have? 0: no limit.", "accounts"),
  accountDeletionKeepsMemberships: choice("Do the memberships of a deleted account remain?", false, true),
  accountDeletionRefusedWithKeys: choice("Is deleting an account with keys refused?", false, true),
  accountDeletionRefusedWithMemberships: choice(
    "Is deleting an account with memberships refused?",
    false,
    true,
  ),
  wildcardServiceAccounts: choice("Is GET projects/-/serviceaccounts supported?", "404", "ok"),
  eleventhKeyStatus: choice("Which status does creating an eleventh key return?", 400, 409),

  // Members
  memberCreateTime: choice("What is the createTime of a member?", "real", "null", "1970"),
  memberEnumValues: choice("Do status and accountType have only the known values?", "known", "new"),
  wrongRoleCount: choice("What happens if a member gets no role, or two?", "400", "accepted"),
  wrongScopeStatus: choice("Which status does a role of the wrong scope return?", 400, 403),
  unknownRoleStatus: choice("Which status does a role that does not exist return?", 400, 404),
  mailToKnownUsers: choice("Does a known user get a mail when added?", true, false),
  invitationLifetimeDays: amount("When does an invitation expire? 0: never.", "days"),
  expiredInvitation: choice(
    "What happens to the member when its invitation expires?",
    "stays",
    "vanishes",
    "EXPIRED",
  ),
  memberIdChangesOnAccept: choice(
    "Does the member id of a user change when they accept an invitation?",
    false,
    true,
  ),
  unknownServiceAccountEmail: choice(
    "What happens if a service account that does not exist is added?",
    400,
    404,
    "pending",
  ),
  accountsOfOtherOrganizations: choice("Can an account of another organization be added?", "ok", "400"),
  projectMemberFilter: choice("Does a project's member list support ?email=?", "ignored", "works", "400"),
  lastAdminRemoval: choice("Can an organization's last admin be removed or demoted?", "ok", "400"),
  lastProjectAdminRemoval: choice("Can a project's last admin be removed or demoted?", "ok", "400"),
  wildcardNeeds: choice(
    "Which query parameters does projects/-/members require?",
    "nothing",
    "memberId",
    "organization",
    "both",
  ),
  wildcardEmailFilter: choice("Does projects/-/members support ?email=?", "ignored", "works", "400"),
  wildcardPermission: choice("Which projects does projects/-/members cover?", "reach", "organization.admin"),
  batchSupported: choice("Are batchCreate and batchDelete supported?", "yes", "403", "404", "400", "501"),
  batchLimit: amount("How many items can a batch have? 0: no limit.", "items"),
  emptyBatch: choice("Which status does an empty batch return?", 200, 400),
  batchAtomic: choice("Is a batch atomic?", true, false),
  batchFailureFormat: choice(
    "How does a batch report items that failed?",
    "fewerMembers",
    "batchErrors",
    "firstError",
  ),
  batchExistingMember: choice(
    "What happens to a batchCreate item that is already a member?",
    "409",
    "skipped",
    "perItem",
  ),
  batchDeleteMissing: choice("What happens to a batchDelete item that is not a member?", "404", "skipped"),
  batchDeleteNameTwice: choice("What happens if a batchDelete repeats a name?", "ok", "400", "missing"),
  batchMixedEmails: choice("Can a batch contain different emails?", "ok", "400"),
  orgAdminsInProjectLists: choice(
    "In which lists do organization admins appear as project members?",
    "no",
    "projects",
    "wildcard",
    "both",
  ),
  methodNotAllowed: choice("Which status does an unsupported method return?", 405, 501),
  methodNotAllowedBody: choice("Which body does an unsupported method return?", "empty", "json"),
  emailCase: choice("Are A@x and a@x the same user?", "oneUser", "twoUsers"),
  memberEmailReturned: choice("In which case are emails returned?", "asTyped", "lowerCase"),

  // Roles and permissions
  projectOperatorRole: choice("Does roles/project.operator exist?", false, true),
  organizationViewerRole: choice("Does roles/organization.viewer exist?", false, true),
  laterPermissions: choice("Are there permissions that the published matrix does not list?", false, true),
  grantAboveOwnRole: choice(
    "Can a project.admin who is not an organization admin grant project.admin?",
    "ok",
    "403",
  ),

  // Projects and organizations
  projectPatchReadOnlyFields: choice(
    "What does PATCH projects/{p} return for read-only fields (inventory, counts, organizationDisplayName)?",
    "zero",
    "real",
  ),
  projectPostReadOnlyFields: choice("What does POST projects return for those fields?", "real", "zero"),
  projectLabelsIfNone: choice("Which labels does a project without labels have?", "{}", "absent", "null"),
  projectApiLabel: choice(
    "Does the API set a label itself on a new project? If so, what happens if a client removes it?",
    "none",
    "kept",
    "refused",
    "removed",
  ),
  projectLocationPatch: choice("Does a PATCH keep the fields that its location leaves out?", "no", "yes"),
  projectUnsetLocation: choice("Which location has a project that has none?", "nulls", "absent", "null"),
  duplicateProjectNames: choice(
    "Can two projects in an organization have the same display name?",
    "ok",
    "409",
  ),
  projectDeletionRefusedWithAccounts: choice(
    "Is deleting a project with service accounts refused?",
    true,
    false,
  ),
  patchOrganization: choice("Is PATCH organizations/{o} supported?", "405", "ok"),
  organizationsOfProjectMembers: choice("Can a member of a project read its organization?", false, true),
  bareOrganizationFilter: choice('Can ?organization= be an id without "organizations/"?', "accepted", "400"),

  // Errors and limits
  forbiddenAs: choice("Which status does a caller without access to a project get?", 403, 404),
  missingProjectAs: choice("Which status does a project that does not exist return?", 404, 403),
  errorBody: choice("Which format does an error body have?", "dt", "nested", "grpc", "empty"),
  errorCodeType: choice("Which type does `code` in an error have?", "integer", "string"),
  rateLimitScope: choice(
    "What does the rate limit apply to?",
    "global",
    "organization",
    "account",
    "key",
    "address",
  ),
  rateLimitOnTokens: choice("Does the rate limit include the token endpoint?", false, true),
  retryAfterHeader: choice("Which form does the Retry-After of a 429 have?", "seconds", "date", "absent"),
} as const satisfies Record<string, Choice<string | number | boolean> | Amount>;

/** Open questions without a switch, and why their answer does not matter to a client of service accounts. */
export const withoutSwitch: readonly { question: string; why: string }[] = [
  {
    question: "Bodies of the token endpoint's four documented errors",
    why: "tokenErrorBody covers every format; the wording is the emulator's own",
  },
  {
    question: "Client id and flow of a user's login, and the tokens of the Swagger page",
    why: "only service accounts log in; users exist here, but have no credentials",
  },
  {
    question: "Moving an account to another project",
    why: "no such call is documented; moving an account means replacing it",
  },
  {
    question: "Suppressing, resending and accepting invitations through REST",
    why: "no such call is documented; `cloud` can accept invitations and lists the mails",
  },
  {
    question: "Today's rate limit",
    why: "the option rateLimit sets any limit",
  },
  {
    question: "Audit log, groups, custom roles and grants that expire",
    why: "no such call is documented",
  },
  {
    question: "Meaning of 409 «concurrent change»",
    why: "a fault can return it for any call, at any time",
  },
];
