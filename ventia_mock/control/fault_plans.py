"""The control routes about planned faults."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ventia_mock.control.endpoints import AsciiResponse, account_of, read_json
from ventia_mock.platform.faults import Faults
from ventia_mock.stand_in import StandIn


class FaultPlans:
    """Endpoints about the planned faults of the companies of a stand-in; each answers with the plan."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    async def get(self, request: Request) -> Response:
        """The plan, with the rest of its queue."""
        return AsciiResponse(self._faults(request).to_json())

    async def replace(self, request: Request) -> Response:
        """Make another plan."""
        faults = self._faults(request)
        faults.plan(await read_json(request))
        return AsciiResponse(faults.to_json())

    async def add(self, request: Request) -> Response:
        """Plan one more fault."""
        faults = self._faults(request)
        faults.add(await read_json(request))
        return AsciiResponse(faults.to_json())

    async def clear(self, request: Request) -> Response:
        """Plan no fault."""
        faults = self._faults(request)
        faults.plan({})
        return AsciiResponse(faults.to_json())

    def _faults(self, request: Request) -> Faults:
        return account_of(request, self._stand_in.platform.accounts).faults
