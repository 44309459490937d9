# Which room may use which. One table, read by GadolinTargets.cmake when CMake configures and by
# CheckIncludes.cmake when the tests run. A room is a folder; arrows point downward only.
set(GADOLIN_ROOMS
    core/base core/imaging core/imaging/io core/labels core/dataset core/run core/analysis
    core/contour core/report core/phantom core/pacs database ml/model ml/data ml/train ml/cascade
    ui/session ui/print ui/plots ui/view ui/widgets app/workstation app/ctl app/files app/worker)

set(ROOM_core/base "")
set(ROOM_core/imaging core/base)
set(ROOM_core/imaging/io core/base core/imaging)
set(ROOM_core/labels core/base core/imaging)
set(ROOM_core/dataset core/base core/labels)
set(ROOM_core/run core/base)
set(ROOM_core/analysis core/base core/imaging)
set(ROOM_core/contour core/base core/imaging core/analysis)
set(ROOM_core/report core/base core/imaging core/labels core/analysis)
set(ROOM_core/phantom core/base core/imaging)
set(ROOM_core/pacs core/base)
set(ROOM_database core/base core/imaging core/labels core/dataset core/run)
set(ROOM_ml/model core/base)
set(ROOM_ml/data core/base core/dataset core/run core/analysis ml/model)
set(ROOM_ml/train core/base core/dataset core/run core/analysis ml/model ml/data)
set(ROOM_ml/cascade core/base core/dataset core/run core/analysis ml/model ml/data ml/train)
set(ROOM_ui/session core/base core/imaging core/labels core/dataset core/run core/analysis
    core/contour core/report database)
set(ROOM_ui/print core/base core/imaging core/labels core/analysis core/report)
set(ROOM_ui/plots core/base)
set(ROOM_ui/view core/base core/imaging core/labels core/analysis)
set(ROOM_ui/widgets core/base core/imaging core/labels core/dataset core/run core/analysis
    core/contour core/report ui/session ui/print ui/plots ui/view)
set(ROOM_app/workstation core/base ui/session ui/widgets ui/view)
set(ROOM_app/ctl core/base core/imaging core/labels core/dataset core/run core/analysis
    core/report database ui/session)
set(ROOM_app/files core/base core/imaging core/imaging/io core/labels core/dataset core/run
    core/analysis core/report core/phantom core/pacs database ui/session ui/print app/ctl)
set(ROOM_app/worker core/base core/dataset core/run ml/model ml/data ml/train ml/cascade)

# Which room may include which foreign headers: a regular expression on the include, then the
# rooms it is allowed in.
set(GADOLIN_FOREIGN
    "^(itk|gdcm|vnl/)|core/imaging/io"
    "^dcmtk/dcm(net|tls)/|core/pacs"
    "^dcmtk/|core/imaging/io core/pacs"
    "^(vtk|QVTK)|ui/view"
    "^(torch|ATen|c10)/|ml/model ml/data ml/train ml/cascade app/worker"
    "^(sqlite3\\.h|SQLiteCpp/)|database"
    "^archive(_entry)?\\.h|app/files"
    "^qcustomplot|ui/plots"
    "^Q(Widget|Dialog|MessageBox|MainWindow|Label|Push)|ui/plots ui/view ui/widgets app/workstation"
    "^Qt?[A-Z]|ui/session ui/print ui/plots ui/view ui/widgets app/workstation app/ctl app/files")
