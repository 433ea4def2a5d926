"""The jobs of .gitlab-ci.yml, executed: what they build, deploy and bring back, and what they refuse."""

from __future__ import annotations

import os
import signal

import pytest

from tests.delivery.conftest import Delivery, job_named, wait_until

STORES = "postgres redis store proxy"
ROLL_OUT = ["api gate", "worker-payments worker-default worker-media", "scheduler", "web", "reload"]


def release(which: str, *steps: str) -> list[str]:
    return [f"{which}: {step}" for step in steps]


def test_four_images_are_pushed_under_the_commit(delivery: Delivery) -> None:
    _, sha = delivery.shas
    (matrix,) = job_named("build")["parallel"]["matrix"]
    for runtime in matrix["RUNTIME"]:
        ran = delivery.job("build", RUNTIME=runtime, CI_COMMIT_SHA=sha)
        assert ran.returncode == 0, ran.stderr
    pushed = [call.split()[-1] for call in delivery.calls() if call.split()[0] == "push"]
    assert pushed == [f"registry.test/group/kosu/{name}:{sha}" for name in ("api", "worker", "scheduler", "web")]
    built = [call for call in delivery.calls() if call.split()[0] == "build"]
    assert [call.split()[-1] for call in built] == [".", ".", ".", "web"]
    assert all(f"--build-arg COMMIT_SHA={sha} " in call for call in built)
    assert (delivery.run / "password").read_text() == "hush-hush\n"
    assert all("hush-hush" not in call for call in delivery.calls())


def test_an_image_that_cannot_be_built_is_not_pushed(delivery: Delivery) -> None:
    delivery.tell("fail", "^ build")
    assert delivery.job("build", RUNTIME="api", CI_COMMIT_SHA=delivery.shas[1]).returncode != 0
    assert not any(" push " in f" {call}" for call in delivery.calls())


def test_a_deployment_migrates_and_then_exchanges_one_runtime_after_the_other(delivery: Delivery) -> None:
    old, new = delivery.shas
    ran = delivery.deploy(old)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert delivery.steps() == release("old", STORES, "migrate", *ROLL_OUT)
    assert delivery.current() == old
    assert (delivery.host / "running/deploy/marker").read_text() == "old"

    ran = delivery.deploy(new)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert delivery.steps() == release("new", STORES, "migrate", *ROLL_OUT)
    assert delivery.current() == new
    assert (delivery.host / "running/deploy/marker").read_text() == "new"
    assert f"{new} runs" in ran.stdout
    assert "kosu@host.test" in (delivery.run / "ssh.log").read_text()


def test_without_a_host_this_machine_is_deployed_to(delivery: Delivery) -> None:
    ran = delivery.deploy(delivery.shas[0], DEPLOY_HOST="")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert delivery.current() == delivery.shas[0]
    assert not (delivery.run / "ssh.log").exists()


@pytest.mark.parametrize(
    ("unhealthy", "reached"),
    [("up .* api gate", 1), ("up .* worker-payments", 2), ("up .* scheduler", 3), ("up .* web", 4), ("reload", 5)],
)
def test_where_a_gate_fails_the_release_before_comes_back(delivery: Delivery, unhealthy: str, reached: int) -> None:
    old, new = delivery.shas
    assert delivery.deploy(old).returncode == 0
    delivery.steps()
    delivery.tell("fail", f"^{new} .*{unhealthy}")

    ran = delivery.deploy(new)

    assert ran.returncode != 0
    assert f"{old} runs as before" in ran.stdout
    assert delivery.steps() == [
        *release("new", STORES, "migrate", *ROLL_OUT[:reached]),
        *release("old", *ROLL_OUT),
    ]
    assert delivery.current() == old
    assert (delivery.host / "running/deploy/marker").read_text() == "old"


@pytest.mark.parametrize("trouble", ["pull", "up .* postgres", "run .* migrate"])
def test_what_fails_before_anything_was_exchanged_leaves_all_as_it_was(delivery: Delivery, trouble: str) -> None:
    old, new = delivery.shas
    assert delivery.deploy(old).returncode == 0
    delivery.steps()
    delivery.tell("fail", f"^{new} .*{trouble}")

    ran = delivery.deploy(new)

    assert ran.returncode != 0
    assert f"{old} runs as before" in ran.stdout
    assert not any(step.partition(": ")[2] in ROLL_OUT for step in delivery.steps())
    assert delivery.current() == old
    assert (delivery.host / "running/deploy/marker").read_text() == "old"


def test_a_first_release_that_fails_has_nothing_to_go_back_to(delivery: Delivery) -> None:
    delivery.tell("fail", "up .* api gate")
    ran = delivery.deploy(delivery.shas[0])
    assert ran.returncode != 0
    assert "no release to go back to" in ran.stdout
    assert delivery.current() is None


def test_a_release_that_does_not_come_back_is_told(delivery: Delivery) -> None:
    old, new = delivery.shas
    assert delivery.deploy(old).returncode == 0
    delivery.tell("fail", "up .* scheduler")
    ran = delivery.deploy(new)
    assert ran.returncode != 0
    assert "somebody has to look" in ran.stdout
    assert delivery.current() == old


def test_a_release_is_brought_back_by_hand_without_building_or_migrating(delivery: Delivery) -> None:
    old, new = delivery.shas
    assert delivery.deploy(old).returncode == delivery.deploy(new).returncode == 0
    delivery.steps()

    ran = delivery.rollback(old)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    calls = delivery.calls()
    assert delivery.steps() == release("old", *ROLL_OUT)
    assert not any("build" in call.split() for call in calls)
    assert delivery.current() == old
    assert (delivery.host / "running/deploy/marker").read_text() == "old"


def test_a_rollback_that_fails_goes_forward_again(delivery: Delivery) -> None:
    old, new = delivery.shas
    assert delivery.deploy(old).returncode == delivery.deploy(new).returncode == 0
    delivery.steps()
    delivery.tell("fail", f"^{old} .*up .* web")
    assert delivery.rollback(old).returncode != 0
    assert delivery.steps() == [*release("old", *ROLL_OUT[:4]), *release("new", *ROLL_OUT)]
    assert delivery.current() == new


def test_what_was_never_deployed_cannot_be_brought_back(delivery: Delivery) -> None:
    assert delivery.deploy(delivery.shas[0]).returncode == 0
    delivery.steps()
    ran = delivery.rollback(delivery.shas[1])
    assert ran.returncode != 0
    assert "never deployed" in ran.stderr
    assert delivery.calls() == []


@pytest.mark.parametrize(
    "sha", ["", "main", "abc123", "0" * 39, "0" * 41, "G" * 40, "../../etc", "$(reboot)", "0" * 40 + "\n"]
)
def test_what_is_no_commit_is_refused_before_anything_is_done(delivery: Delivery, sha: str) -> None:
    for ran in (delivery.deploy(sha), delivery.rollback(sha), delivery.job("build", RUNTIME="api", CI_COMMIT_SHA=sha)):
        assert ran.returncode != 0
        assert "commit SHA of 40 hexadecimal digits" in ran.stderr
    assert not any(call.split()[0] != "login" for call in delivery.calls())
    assert not (delivery.run / "ssh.log").exists()


def test_a_folder_that_would_be_more_than_a_folder_is_refused(delivery: Delivery) -> None:
    for folder in ("relative", "/srv/$(reboot)", "/srv/a b", "/srv/'"):
        ran = delivery.deploy(delivery.shas[0], DEPLOY_DIR=folder)
        assert ran.returncode != 0
        assert "DEPLOY_DIR" in ran.stderr
    assert delivery.calls() == []


def test_of_two_deployments_at_once_the_second_is_refused(delivery: Delivery) -> None:
    old, new = delivery.shas
    delivery.tell("hold", "run .* migrate")
    first = delivery.started(old)
    wait_until(
        lambda: any(" migrate" in call for call in delivery.calls()), what="the first has come to its migrations"
    )

    second = delivery.deploy(new)
    assert second.returncode != 0
    assert "another deployment is under way" in second.stdout
    assert all(call.startswith(old) for call in delivery.calls())

    delivery.release()
    output, _ = first.communicate(timeout=30)
    assert first.returncode == 0, output
    assert delivery.current() == old


def test_a_deployment_goes_on_when_the_line_to_the_host_breaks(delivery: Delivery) -> None:
    old, _ = delivery.shas
    delivery.tell("hold", "run .* migrate")
    with delivery.started(old) as asking:
        wait_until(lambda: any(" migrate" in call for call in delivery.calls()), what="it has come to its migrations")
        os.killpg(asking.pid, signal.SIGKILL)
        os.killpg(int((delivery.run / "session").read_text()), signal.SIGHUP)
    delivery.release()
    wait_until(lambda: delivery.current() == old, what="it has ended")
    (log,) = (delivery.host / "logs").iterdir()
    wait_until(lambda: f"{old} runs" in log.read_text(), what="it has told so in its log")


def test_a_host_without_its_settings_is_refused(delivery: Delivery) -> None:
    (delivery.host / "kosu.env").unlink()
    ran = delivery.deploy(delivery.shas[0])
    assert ran.returncode != 0
    assert "kosu.env is missing" in ran.stdout
    assert delivery.calls() == []


def test_deployments_of_one_host_take_turns_and_are_never_cut_off() -> None:
    for name, host in (("deploy staging", "staging"), ("deploy production", "production"), ("rollback", "production")):
        job = job_named(name)
        assert job["resource_group"] == job["environment"]["name"] == host
        assert job["interruptible"] is False
    assert job_named("rollback")["needs"] == []
    for name in ("deploy production", "rollback"):
        assert [rule["when"] for rule in job_named(name)["rules"]] == ["manual"]
