import * as pulumi from "@pulumi/pulumi";

/**
 * The id of the key in a text of `credentials`: evidence for a `KeyRetirement`, when the text is an output of whatever delivers the
 * key. The id is no secret, though the text is one. Empty where the text holds no key.
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

/** The same of a text that is known. */
function keyIdOf(text: string | undefined): string {
  try {
    const parsed = JSON.parse(text ?? "") as { serviceAccount?: { keyId?: unknown } } | null;
    const keyId = parsed?.serviceAccount?.keyId;
    return typeof keyId === "string" ? keyId : "";
  } catch {
    return "";
  }
}
