import * as dt from "pulumi-disruptive";

// An account has no access to its own project by default.
const account = new dt.ServiceAccount("warehouse", {
  project: "c14u9q095l47ccv1o3pg",
  displayName: "Data warehouse",
});
new dt.ProjectRoleBinding("warehouse-reads", {
  project: "c15j9p094l47cdv0o3pg",
  member: account.email,
  role: "project.user",
});
new dt.ProjectRoleBinding("jane", {
  project: "c15j9p094l47cdv0o3pg",
  member: "jane@example.com",
  role: "project.admin",
});
const key = new dt.ServiceAccountKey("warehouse", { serviceAccount: account.id, rotateAfter: "90d" });

export const deployedBy = dt.whoAmIOutput().email;
export const credentials = key.credentials; // shown as [secret]
