/** The version of the package. The build puts it in. */
declare const PACKAGE_VERSION: string;
/** The Pulumi schema as JSON. The build puts it in. */
declare const PULUMI_SCHEMA: string;
