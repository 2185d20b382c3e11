module pulumi-dt.invalid/tools/pulumi-cli/yaml-host

go 1.25.0

require github.com/pulumi/pulumi-yaml v1.25.0
