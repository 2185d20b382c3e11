export * from "./orgAdminBinding.js";
export * from "./projectRoleBinding.js";
export * from "./provider.js";
export * from "./serviceAccount.js";
export * from "./serviceAccountKey.js";
