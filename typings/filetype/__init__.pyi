class Type:
    mime: str

def guess(obj: bytes) -> Type | None: ...
