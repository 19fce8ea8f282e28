"""The control routes about the world, and about companies of a test's own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from ventia_mock.control.curl import KEY_VARIABLE
from ventia_mock.control.endpoints import AsciiResponse, account_of, read_json
from ventia_mock.stand_in import StandIn
from ventia_mock.world.file import SAMPLE_KEY


class Companies:
    """Endpoints about the companies of a stand-in."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    async def world(self, request: Request) -> Response:
        """The companies and their things, the documented responses, and the sample key."""
        platform = self._stand_in.platform
        accounts = [account_of(request, platform.accounts)] if request.query_params else platform.accounts.all()
        first, responses = platform.accounts.first.company, platform.operations.main.responses
        return AsciiResponse(
            {
                "companies": [account.company.to_json() for account in accounts],
                "answers": [{"status": each.status, "name": each.example} for each in responses],
                "base_path": platform.operations.base_path,
                # A person's own key is left to the variable of their shell.
                "api_key": SAMPLE_KEY if SAMPLE_KEY in first.api_keys else f"${KEY_VARIABLE}",
            }
        )

    async def change(self, request: Request) -> Response:
        """Change one thing of a company, or add it."""
        changes = await read_json(request)
        kind, identifier = request.path_params["kind"], request.path_params["identifier"]
        account = account_of(request, self._stand_in.platform.accounts)
        return AsciiResponse(vars(self._stand_in.platform.change(account, kind, identifier, changes)))

    async def add(self, _: Request) -> Response:
        """Add a company with a world like the first one's, but a key and an inbox of its own."""
        account = self._stand_in.platform.accounts.copy_of_first()
        [key] = account.company.api_keys
        return AsciiResponse({"company": account.company.id, "api_key": key}, 201)

    async def remove(self, request: Request) -> Response:
        """Forget an added company and its messages."""
        accounts, company = self._stand_in.platform.accounts, request.path_params["company"]
        accounts.remove_copy(accounts.of(company))
        return AsciiResponse({"forgotten": self._stand_in.journal.clear(company)})
