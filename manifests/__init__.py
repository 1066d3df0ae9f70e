"""What a manifest means, without HTTP: kinds, names, conditions. The operator's custom resources are our own rows."""
