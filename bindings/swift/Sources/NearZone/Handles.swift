internal import CNearZone

// One owner for each kind of object of the C interface. None can be copied, so that each is freed
// once; what holds one keeps it alive in its calls.
//
// @unchecked Sendable: the C interface lets every object be used from any thread, but for an export,
// which is used in one queue only; and none is used during its free, as that has its only owner.

struct DeviceHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_device_free(pointer) }
}

struct ListHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_list_free(pointer) }
}

struct PublicKeysHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_public_keys_free(pointer) }
}

struct MatchHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_match_free(pointer) }
}

struct ExportHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_export_free(pointer) }
}

struct DisclosureHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_disclosure_free(pointer) }
}

struct UploadRequestHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_upload_request_free(pointer) }
}

struct IndexHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_index_free(pointer) }
}

struct CancelHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_cancel_free(pointer) }
}

struct PlannerHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer
  deinit { nz_planner_free(pointer) }
}

/// An object on its way from where it was made to its owner.
///
/// @unchecked Sendable: nobody else knows of it yet.
struct Made: @unchecked Sendable {
  let pointer: OpaquePointer
}
