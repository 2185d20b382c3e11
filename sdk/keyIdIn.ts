import * as pulumi from "@pulumi/pulumi";

/**
 * The id of the key in `credentials`, the credentials JSON of a key. Apply it to an output of the resource that
 * delivers the key, to show a `KeyRetirement` which key has been delivered. The id isn't a secret, although the JSON
 * is. Empty if the text doesn't contain a key.
 *
 * @example
 * ```ts
 * const key = new dt.ServiceAccountKey("erp", { serviceAccount: account.id, retirement: "afterDelivery" });
 * const secret = new aws.secretsmanager.SecretVersion("erp", { secretId, secretString: key.credentials });
 * const deliveredKeyIds = [dt.keyIdIn(secret.secretString)];
 * ```
 */
export const keyIdIn = (credentials: pulumi.Input<string | undefined>): pulumi.Output<string> =>
  pulumi.unsecret(pulumi.output(credentials).apply(keyIdOf));

/** The id of the key in a known text. */
function keyIdOf(text: string | undefined): string {
  try {
    const parsed = JSON.parse(text ?? "") as { serviceAccount?: { keyId?: unknown } } | null;
    const keyId = parsed?.serviceAccount?.keyId;
    return typeof keyId === "string" ? keyId : "";
  } catch {
    return "";
  }
}
