"""The registry of advantage estimators: a name may not be taken by two functions."""

registered = {}


def register_adv_est(name):
    def decorate(function):
        if registered.get(name, function) is not function:
            raise ValueError(f"{name} has been registered before")
        registered[name] = function
        return function

    return decorate


def get_adv_estimator_fn(name):
    if name not in registered:
        raise ValueError(f"Unknown advantage estimator simply: {name}")
    return registered[name]
