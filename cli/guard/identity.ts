import { canonicalEmail } from "../../provider/api/text/email.js";

/** Who runs Pulumi: every identity that may be the one, since the environment and the stack's configuration may differ. */
export interface Identities {
  /** Normalised. */
  readonly emails: ReadonlySet<string>;
  readonly keyIds: ReadonlySet<string>;
  /** Whether it logs in with Basic authentication. */
  readonly usesBasic: boolean;
}

interface Named {
  readonly email?: readonly string[];
  readonly keyId?: readonly string[];
}

/** @throws Error when nobody is named anywhere */
export function identitiesOf(
  named: Named,
  config: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv = process.env,
): Identities {
  const emails = [
    ...(named.email ?? []),
    environment.DT_OIDC_EMAIL,
    environment.DT_SERVICE_ACCOUNT_EMAIL,
    config["dt:email"],
  ];
  const keyIds = [
    ...(named.keyId ?? []),
    environment.DT_API_KEY_ID,
    environment.DT_SERVICE_ACCOUNT_KEY_ID,
    config["dt:keyId"],
  ];
  const identities = {
    emails: new Set(texts(emails).map(canonicalEmail)),
    keyIds: new Set(texts(keyIds)),
    usesBasic: (environment.DT_AUTH ?? config["dt:auth"]) === "basic",
  };
  if (identities.emails.size === 0 && identities.keyIds.size === 0) {
    throw new Error(
      "nobody is named: set DT_OIDC_EMAIL and DT_API_KEY_ID to those that `pulumi up` runs with, or give --email and --key-id",
    );
  }
  return identities;
}

const texts = (values: readonly unknown[]): string[] =>
  values.flatMap((value) =>
    typeof value === "string" && value !== "" && value !== "[secret]" ? [value.trim()] : [],
  );
