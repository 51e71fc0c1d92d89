"""What a page on paper may load: the files that it was handed with, and nothing from anywhere."""

from collections.abc import Mapping

from weasyprint.urls import URLFetcher, URLFetcherResponse


class Given(URLFetcher):  # type: ignore[misc]  # the library has no types of its own
    """Gives style sheets by their addresses; whatever else a page names is not fetched."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """Take the text of each style sheet by its whole address."""
        super().__init__(allowed_protocols=())
        self._files = files

    def fetch(self, url: str, *_headers: object) -> URLFetcherResponse:
        """Return a file that was given. Raises ValueError for any other address."""
        if url not in self._files:
            raise ValueError(f"not for this page: {url}")
        return URLFetcherResponse(url, self._files[url].encode(), {"Content-Type": "text/css"})
