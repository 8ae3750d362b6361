import NearZone
import Testing

/// Expects a `NearZoneError` of that kind, and of that field where one is named.
@discardableResult
func expectFailure<Value>(
  _ code: NearZoneError.Code, field: String? = nil, isolation: isolated (any Actor)? = #isolation,
  at location: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async -> NearZoneError? {
  do {
    _ = try await body()
    Issue.record("nothing failed", sourceLocation: location)
  } catch let error as NearZoneError {
    #expect(error.code == code, sourceLocation: location)
    if let field { #expect(error.field == field, sourceLocation: location) }
    return error
  } catch {
    Issue.record(error, sourceLocation: location)
  }
  return nil
}
