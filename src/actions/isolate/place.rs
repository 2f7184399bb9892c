//! A folder that is held open: what is in it is reached from there, name by name, and no link is followed.

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};

/// An open folder.
#[derive(Debug)]
pub(super) struct Place(File);

impl Place {
    /// Opens the folder at `path`, which is used as it is: whoever gave it may have meant a link.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::openat(CWD, path, flags, Mode::empty())?.into()))
    }

    /// Opens a folder in this one.
    pub(super) fn inner(&self, name: &OsStr) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match rustix::fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(folder) => Ok(Self(folder.into())),
            // What a link gives here differs between systems.
            Err(_) if self.kind(name)?.is_some_and(FileType::is_symlink) => Err(link()),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the folder at `path` below this one.
    pub(super) fn descend(&self, path: &Path) -> io::Result<Self> {
        let mut place = self.again()?;
        for name in names(path)? {
            place = place.inner(name)?;
        }
        Ok(place)
    }

    /// Opens the folder at `path` below this one, and makes what is missing of it, on disk when this returns.
    pub(super) fn descend_making(&self, path: &Path, mode: u32) -> io::Result<Self> {
        let mut place = self.again()?;
        for name in names(path)? {
            place = match place.inner(name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    place.make(name, mode)?;
                    place.inner(name)?
                }
                other => other?,
            };
        }
        Ok(place)
    }

    fn again(&self) -> io::Result<Self> {
        Ok(Self(self.0.try_clone()?))
    }

    /// Makes a folder in this one, unless it is there, and writes that to disk.
    pub(super) fn make(&self, name: &OsStr, mode: u32) -> io::Result<()> {
        #[allow(clippy::useless_conversion, reason = "some systems have 16 bits for a mode")]
        let mode = Mode::from_bits_truncate(mode.try_into().unwrap_or(0o700));
        match rustix::fs::mkdirat(&self.0, name, mode) {
            Ok(()) => self.sync(),
            Err(Errno::EXIST) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Sets the permission bits of the folder itself.
    pub(super) fn set_mode(&self, mode: u32) -> io::Result<()> {
        set_mode(&self.0, mode)
    }

    /// Opens a regular file for reading.
    pub(super) fn read(&self, name: &OsStr) -> io::Result<File> {
        self.open_file(name, OFlags::RDONLY)
    }

    /// Opens a regular file for reading and for writing at its end.
    pub(super) fn extend(&self, name: &OsStr) -> io::Result<File> {
        self.open_file(name, OFlags::RDWR | OFlags::APPEND)
    }

    fn open_file(&self, name: &OsStr, access: OFlags) -> io::Result<File> {
        // Without NONBLOCK, opening a pipe would wait for whoever writes into it.
        let flags = access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file: File = match rustix::fs::openat(&self.0, name, flags, Mode::empty()) {
            Ok(file) => file.into(),
            Err(_) if self.kind(name)?.is_some_and(FileType::is_symlink) => return Err(link()),
            Err(error) => return Err(error.into()),
        };
        if file.metadata()?.is_file() { Ok(file) } else { Err(refused("it is no regular file")) }
    }

    /// Makes a file that only its owner may read and write, and that is not there yet.
    pub(super) fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&self.0, name, flags, Mode::RUSR | Mode::WUSR)?.into())
    }

    /// What has this name, or `None` when nothing has.
    pub(super) fn kind(&self, name: &OsStr) -> io::Result<Option<FileType>> {
        match rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => Ok(Some(FileType::from_raw_mode(found.st_mode))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a file another name, here or in another folder of the file system, and never overwrites what has that name
    /// already: then the error is of the kind [`io::ErrorKind::AlreadyExists`].
    pub(super) fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        match rename_exclusively(&self.0, name, &to.0, new) {
            // Not every file system can; a second name for the file cannot overwrite either.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                rustix::fs::linkat(&self.0, name, &to.0, new, AtFlags::empty())?;
                self.remove(name)
            }
            other => Ok(other?),
        }
    }

    /// Removes a file; that it is gone already is no error.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        match rustix::fs::unlinkat(&self.0, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a folder that is empty; says whether it is gone.
    pub(super) fn remove_empty(&self, name: &OsStr) -> bool {
        rustix::fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR).is_ok()
    }

    /// Names of what is in the folder.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(OsStr::from_bytes(name).to_owned());
            }
        }
        Ok(names)
    }

    /// Writes to disk which names the folder holds.
    pub(super) fn sync(&self) -> io::Result<()> {
        match self.0.sync_all() {
            // Some file systems keep no folder that could be written back.
            Err(error) if error.raw_os_error() == Some(Errno::INVAL.raw_os_error()) => Ok(()),
            other => other,
        }
    }
}

#[cfg(any(target_vendor = "apple", target_os = "linux", target_os = "android"))]
fn rename_exclusively(from: &File, name: &OsStr, to: &File, new: &OsStr) -> rustix::io::Result<()> {
    rustix::fs::renameat_with(from, name, to, new, rustix::fs::RenameFlags::NOREPLACE)
}

#[cfg(not(any(target_vendor = "apple", target_os = "linux", target_os = "android")))]
fn rename_exclusively(_: &File, _: &OsStr, _: &File, _: &OsStr) -> rustix::io::Result<()> {
    Err(Errno::NOSYS)
}

/// Sets permission bits of an open file or folder.
pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

/// The names that a path below a folder consists of. One that could lead out of the folder is refused.
fn names(path: &Path) -> io::Result<Vec<&OsStr>> {
    let name = |component| match component {
        Component::Normal(name) => Ok(name),
        _ => Err(refused("its path leads outside the folder")),
    };
    path.components().map(name).collect()
}

fn link() -> io::Error {
    refused("a symbolic link leads there, which is not followed")
}

/// Marks what is refused on principle, apart from what a system reports.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(&'static str);

fn refused(reason: &'static str) -> io::Error {
    io::Error::other(Refused(reason))
}

/// True for errors that say that something is refused whatever the system would allow.
pub(super) fn is_refusal(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Refused>)
}
