"""The time of a training step in JAX: jit of a lax.scan over the steps of a block, on the CPU or on a GPU."""

import os

import common
import outcome

options = common.arguments(__doc__, devices=("cpu", "cuda"))
if options.device == "cpu":
    # XLA makes as many threads as there are cores for the process, and --xla_cpu_multi_thread_eigen does not reach all of them.
    common.stay_on_cores(options.threads)
    if options.threads == 1:
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen=false".strip()
os.environ["JAX_PLATFORMS"] = options.device
try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    outcome.leave_out(f"this Python has no package {error.name}")
from functools import partial  # noqa: E402

import start as starts  # noqa: E402

try:
    jax.devices()
except (RuntimeError, AssertionError) as error:  # the latter where the plugin for GPUs is not installed
    outcome.leave_out(f"JAX finds no {options.device}{': ' if str(error) else ''}{str(error).partition(chr(10))[0]}")
PRECISIONS = {"fp32": "highest", "tf32": "tensorfloat32", "bf16": "bfloat16"}
jax.config.update("jax_default_matmul_precision", PRECISIONS[options.precision])


def parameters() -> list[tuple[jax.Array, jax.Array]]:
    return [(jnp.array(weights), jnp.array(biases)) for weights, biases in zip(options.start.weights, options.start.biases)]


def cost(values: list, x: jax.Array, t: jax.Array) -> jax.Array:
    for i, (weights, biases) in enumerate(values):
        x = x @ weights.T + biases
        if not options.start.identity or i + 1 < len(values):
            x = jax.nn.sigmoid(x)
    return jnp.square(x - t).sum() / (2 * len(x))


def step(values: list, x: jax.Array, t: jax.Array) -> tuple[list, jax.Array]:
    before, gradients = jax.value_and_grad(cost)(values, x, t)
    return jax.tree.map(lambda value, gradient: value - options.start.rate * gradient, values, gradients), before


@partial(jax.jit, donate_argnums=0)
def along_rows(values: list, inputs: jax.Array, targets: jax.Array, rows: jax.Array) -> tuple[list, jax.Array]:
    """A step for each line of rows, (steps, batch). Returns the new values, and the cost before each step."""
    return jax.lax.scan(lambda carry, some: step(carry, inputs[some], targets[some]), values, rows)


@partial(jax.jit, donate_argnums=0, static_argnums=3)
def on_all(values: list, inputs: jax.Array, targets: jax.Array, steps: int) -> tuple[list, jax.Array]:
    return jax.lax.scan(lambda carry, _: step(carry, inputs, targets), values, length=steps)


def costs(count: int) -> list[float]:
    x, t = jnp.array(options.start.inputs), jnp.array(options.start.targets())
    if options.samples > len(x):  # what is timed is what is checked
        return along_rows(parameters(), x, t, jnp.tile(jnp.arange(len(x), dtype=jnp.int32), (count, 1)))[1].tolist()
    return on_all(parameters(), x, t, count)[1].tolist()


def time_it() -> dict:
    values = parameters()
    order = starts.Order(options.samples, options.start.batch)
    numbers, labels = starts.samples(options.start, options.samples)
    inputs, targets = jnp.array(numbers), jnp.array(starts.one_hot(labels, options.start.widths[-1]))

    def block(steps: int) -> None:
        nonlocal values
        if order.full:
            values, before = on_all(values, inputs, targets, steps)
        else:
            values, before = along_rows(values, inputs, targets, order.next(steps))
        before.block_until_ready()

    return common.time_blocks(block, order.steps_per_epoch, options.seconds)


common.run("JAX", jax.__version__, options, costs, time_it, platform=jax.devices()[0].device_kind)
