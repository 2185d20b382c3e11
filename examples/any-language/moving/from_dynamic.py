import pulumi


def from_dynamic(args: pulumi.ResourceTransformationArgs):
    if not args.type_.startswith("disruptive:index:"):
        return None
    kind = args.type_.removeprefix("disruptive:index:")
    alias = pulumi.Alias(type_=f"pulumi-nodejs:dynamic/dt:{kind}")
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(aliases=[alias]))
    return pulumi.ResourceTransformationResult(args.props, opts)


pulumi.runtime.register_stack_transformation(from_dynamic)
