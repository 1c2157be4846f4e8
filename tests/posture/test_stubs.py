"""Calls on gRPC's generated stubs, whose names only the project knows."""

from tests.posture.surveys import mapped, only, told

PYTHON = """
import grpc
import pay_pb2_grpc

channel = grpc.insecure_channel("pay:50051")
stub = pay_pb2_grpc.PaymentsStub(channel)

def charge(order):
    return stub.Charge(order{more})
"""


def test_a_stub_is_listed_by_its_service_and_its_channel_is_not_listed_beside_it() -> None:
    found = only("python", PYTHON.replace("{more}", ", timeout=3"))
    assert (found.kind, found.method, found.library) == ("rpc", "Charge", "grpc")
    assert "payments" in found.name
    assert told("python", PYTHON.replace("{more}", ", timeout=3"))["timeout"] == "3 s"


def test_python_stubs_have_no_limit_of_their_own() -> None:
    assert "timeout" not in told("python", PYTHON.replace("{more}", ""))
    assert told("python", PYTHON.replace("{more}", ", timeout=None")).get("timeout", "no").startswith("no")


def test_a_stub_in_a_field() -> None:
    code = """
    import grpc
    from shop.pay_pb2_grpc import PaymentsStub

    class Till:
        def __init__(self, channel):
            self.payments = PaymentsStub(channel)

        def charge(self, order):
            return self.payments.Charge(order, timeout=3)
    """
    assert told("python", code)["timeout"] == "3 s"


def test_other_stubs_are_none_of_grpcs() -> None:
    code = "import grpc\nfrom tests.fakes import PaymentsStub\nPaymentsStub(1).Charge(2)\n"
    assert mapped("python", code).dependencies == ()


GO = """
import (
\t"context"
\tpay "example.com/pay"
\t"google.golang.org/grpc"
)

func charge(ctx context.Context) error {
\tconn, err := grpc.NewClient("pay:50051")
\tif err != nil {
\t\treturn err
\t}
\tlimitedCtx, cancel := context.WithTimeout(ctx, 3*time.Second)
\tdefer cancel()
\t_, err = pay.NewPaymentsClient(conn).Charge(limitedCtx, &pay.Order{})
\treturn err
}
"""


def test_go_takes_the_deadline_of_the_context() -> None:
    assert told("go", GO)["timeout"] == "3 s"
    assert only("go", GO).method == "Charge"
    assert mapped("go", GO.replace('"google.golang.org/grpc"', '"example.com/grpc"')).dependencies == ()


JAVA = """
import io.grpc.ManagedChannel;

class Till {
  Reply charge(ManagedChannel channel, Order order) {
    PaymentsGrpc.PaymentsBlockingStub stub = PaymentsGrpc.newBlockingStub(channel);
    return stub.charge(order);
  }
}
"""


def test_java_stubs_are_limited_where_they_are_told_a_deadline() -> None:
    found = only("java", JAVA)
    assert (found.kind, found.method) == ("rpc", "charge")
    assert "timeout" not in told("java", JAVA)
    limited = JAVA.replace("stub.charge", "stub.withDeadlineAfter(3, TimeUnit.SECONDS).charge")
    assert only("java", limited).protections.timeout.is_there
